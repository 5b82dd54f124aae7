# syntax=docker/dockerfile:1
# knbuild file ignore=KN091 reason=tags are pinned; pin digests with your updater

%include jvm
