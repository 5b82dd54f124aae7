# bash completion of knbuild:  source <(knbuild completion bash)
_knbuild() {
  local line="${COMP_LINE:0:COMP_POINT}" value rest paths=
  # bash cuts words at = and : — what stands before the last cut is there already.
  local typed="${line##*[[:space:]]}" part="${COMP_WORDS[COMP_CWORD]}"
  [[ $part == [=:] ]] && part=
  local strip="${typed%"$part"}"
  COMPREPLY=()
  while IFS=$'\t' read -r value rest; do
    case $value in
      :files | :directories) paths=$value ;;
      *) COMPREPLY+=("${value#"$strip"}") ;;
    esac
  done < <("${COMP_WORDS[0]}" completion candidates "$line" 2>/dev/null)
  if [[ -n $paths ]]; then
    local action=file
    [[ $paths == :directories ]] && action=directory
    while IFS= read -r value; do
      compopt -o filenames 2>/dev/null
      COMPREPLY+=("$value")
    done < <(compgen -A "$action" -- "$part")
  fi
  [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
}
complete -F _knbuild knbuild
