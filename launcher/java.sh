# shellcheck shell=bash
# Finds Java: the runtime of the archive, else JAVA_HOME, else the java of the PATH from version 21 on, else the newest installed JDK.

java_home='' version='' feature=0

fail() { printf 'gatehouse: %s Install a JDK, version 17 or newer, or set JAVA_HOME to one.\n' "$*" >&2; exit 1; }

find_java() {
  local java=${JAVA_HOME:+$JAVA_HOME/bin/java} preferred=17 jdk
  if [ -n "$installed" ] && [ -x "$root/runtime/bin/java" ]; then java=$root/runtime/bin/java; fi
  if [ ! -x "$java" ]; then java=$(command -v java) || java=''; preferred=21; fi
  if [ -n "$java" ]; then
    java=$(readlink -f "$java" 2>/dev/null || printf '%s' "$java")
    consider "${java%/bin/java}"
    if [ "$feature" = 0 ]; then ask "$java"; fi
  fi
  if [ "$preferred" = 21 ] && [ "$feature" -lt 21 ]; then
    for jdk in /usr/lib/jvm/* "${HOME:-}"/.sdkman/candidates/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
      if [ -x "$jdk/bin/javac" ]; then consider "$jdk"; fi
    done
  fi
  [ -n "$version" ] || fail "no Java found."
  [ "$feature" -ge 17 ] || fail "Java $version at $java_home is too old."
}

# Selects a Java home if it is newer than the selected one. Reads its release file, because starting a JVM for its version is slow.
consider() {
  local key value found=''
  if [ ! -x "$1/bin/java" ] || [ ! -r "$1/release" ]; then return; fi
  while IFS='=' read -r key value; do if [ "$key" = JAVA_VERSION ]; then found=${value//\"/}; fi; done <"$1/release"
  if [ "0${found%%[!0-9]*}" -gt "$feature" ]; then java_home=$1 version=$found feature=${found%%[!0-9]*}; fi
}

# Starts a java without a release file, such as the shim of a version manager, to read its version.
ask() {
  local key equals value
  while read -r key equals value; do
    case $key in java.home) java_home=$value ;; java.version) version=$value feature=${value%%[!0-9]*} ;; esac
  done < <("$1" -XshowSettings:properties -version 2>&1)
}
