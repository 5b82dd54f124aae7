#compdef knbuild
# zsh completion of knbuild:  source <(knbuild completion zsh), or a file _knbuild in a folder of $fpath
_knbuild() {
  local line="${LBUFFER}" value rest paths=
  local -a found
  while IFS=$'\t' read -r value rest; do
    case $value in
      :files | :directories) paths=$value ;;
      *) found+=("${value//:/\\:}${rest:+:$rest}") ;;
    esac
  done < <("${words[1]}" completion candidates "$line" 2>/dev/null)
  (( ${#found} )) && _describe -V 'knbuild' found
  case $paths in
    :files) _files ;;
    :directories) _files -/ ;;
  esac
}
if [[ ${funcstack[1]} == _knbuild ]]; then
  _knbuild "$@"
else
  compdef _knbuild knbuild
fi
