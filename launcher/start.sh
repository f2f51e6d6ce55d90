# shellcheck shell=bash
# How each kind of command starts: its class path, its heap and its class archive.
# MCP hosts wait for the stdio server, and each process delays it, so the shell does most of the work itself.

servers='hazelcast|vertx-hazelcast|pebble|unbescape|password4j|vertx-web-templ-[a-z]*|vertx-launcher-[a-z]*'
servers+='|micrometer-[a-z]*|vertx-micrometer-metrics|vertx-opentelemetry|opentelemetry-[a-z-]*|prometheus-[a-z-]*|HdrHistogram'
server_only='flyway-core|sqlite-jdbc|mcp-[a-z0-9-]*|reactor-core|reactive-streams|json-schema-validator|itu|vertx-(web|auth|bridge|uri|pg|sql)[a-z0-9-]*|scram-[a-z]*|saslprep|stringprep'
server_only+='|gatehouse-policy|compiler|runtime|common|protobuf|protobuf-java|guava|failureaccess|listenablefuture|j2objc-annotations|re2j|antlr4-runtime|threeten-extra|auto-value-annotations'
cluster_only='hazelcast|vertx-hazelcast'
# A command ends before it pays to compile all that was hot while its archive was trained.
short_lived=(-XX:TieredStopAtLevel=1 -Xmx256m -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:-AOTReplayTraining)
archive_options=() recording=''

start_stdio() { use_archive stdio "gatehouse-authz|jline|$servers"; options+=("${short_lived[@]}"); }
start_client() { use_archive client "gatehouse-authz|gatehouse-mcp|gatehouse-resource|$servers|$server_only"; options+=("${short_lived[@]}"); }
start_server() { use_archive server "jline|$cluster_only"; add_server_heap; }
# Uses the archive of the servers, but does not write it: it loads too few classes.
start_command() { use_archive server "jline|$cluster_only" reading; options+=("${short_lived[@]}"); }

is_built() {
  [ -f "$root/target/built" ] &&
    [ -z "$(find "$root/pom.xml" "$root"/*/pom.xml "$root"/*/src/main -newer "$root/target/built" -print -quit 2>/dev/null)" ]
}

# The order must not depend on the locale: a class archive fits only the class path that it was created with.
find_class_path() {
  local LC_ALL=C jar
  class_path=''
  for jar in "$lib"/*.jar; do if [ -z "$1" ] || ! [[ $jar =~ $1 ]]; then class_path+=:$jar; fi; done
}

# Hazelcast has a third of all classes. It comes last, because the archive fits every class path that begins with its own, so that a
# cluster uses the archive. It records none: that would not fit the shorter class path.
add_cluster() {
  local jar
  case " $* " in *-cluster*|*' -ha '*) ;; *) return ;; esac
  for jar in "$lib"/*hazelcast*.jar; do class_path+=:$jar; done
  if [ -n "$recording" ]; then archive_options=(); fi
}

# Limits the heap of a server. One gigabyte is enough for the default limits; a smaller machine or container uses half of its
# memory. A limit that the user sets takes precedence.
add_server_heap() {
  local key value rest kib=2097152
  case "${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-} ${GATEHOUSE_JVM_OPTIONS:-}" in *-Xmx*|*-XX:MaxHeapSize*|*RAMPercentage*) return ;; esac
  if [ -r /proc/meminfo ]; then
    while read -r key value rest; do if [ "$key" = MemTotal: ] && [ "$value" -lt "$kib" ]; then kib=$value; fi; done </proc/meminfo
  fi
  if [ -r /sys/fs/cgroup/memory.max ] && read -r value </sys/fs/cgroup/memory.max && [ "$value" != max ]; then
    if [ $((value / 1024)) -lt "$kib" ]; then kib=$((value / 1024)); fi
  fi
  options+=("-Xmx$((kib / 2048))m")
}

is_newer_than_jars() {
  local jar
  for jar in "$lib"/gatehouse-*.jar; do [ "$1" -nt "$jar" ] || return; done
}

# Starts with a class archive, one for each kind of command, build and Java, and without the jars that the kind does not use, because
# the JVM searches each for services. Since version 25 the JVM supports an archive with linked classes and method profiles (JEP 514, JEP 515).
use_archive() {
  local archive=$cache/$1$archives
  find_class_path "/($2)-[^/]*$"
  if [ -z "$installed" ]; then
    if [ -z "${GATEHOUSE_TRAINING:-}" ] && ! is_newer_than_jars "$archive"; then dev archive "$1"; fi
  elif [ -z "${3:-}" ]; then
    record_archive "$archive"
  fi
  options+=('-Xlog:cds*=off:stderr')
  if [ -n "$recording" ]; then
    if [ "$feature" -lt 25 ]; then write_archive_at_exit "$recording"; return; fi
    # Without the output of the JVM, which would tell the user where the file is.
    archive_options=(-XX:+UnlockDiagnosticVMOptions -XX:-DisplayVMOutput -XX:AOTMode=record "-XX:AOTConfiguration=$recording")
    return
  fi
  if [ -n "$installed" ] && [ ! -f "$archive" ]; then return; fi
  if [ "$feature" -lt 25 ]; then
    if [ -z "${GATEHOUSE_TRAINING:-}" ]; then
      archive_options=("-XX:SharedArchiveFile=$archive")
    else
      # The archive has no compiled code, so the faster compiler is enough.
      write_archive_at_exit "$GATEHOUSE_TRAINING"
      archive_options+=(-XX:TieredStopAtLevel=1)
    fi
  else
    archive_options=("${GATEHOUSE_TRAINING:+-XX:AOTCacheOutput=}${GATEHOUSE_TRAINING:--XX:AOTCache=$archive}" '-Xlog:aot*=off:stderr')
  fi
}

# Before Java 21, the archive keeps the mark of the methods that wait for the compiler, and a marked method is never compiled again
# (JDK-8306460): it is interpreted in every later process. With -Xbatch no method waits.
write_archive_at_exit() {
  archive_options=("-XX:ArchiveClassesAtExit=$1")
  if [ "$feature" -lt 21 ]; then archive_options+=(-Xbatch); fi
}

# An installation has no training. Before Java 25, the first process of a kind writes the archive when it ends. Since then it writes what it
# did, silently, and the next start makes the archive from that in the background. A directory that is not writable gets no archives.
record_archive() {
  local file id
  if [ -f "$1" ] || ! { [ -d "$cache" ] || mkdir "$cache" 2>/dev/null; } || [ ! -w "$cache" ]; then return; fi
  for file in "$1".*; do
    id=${file##*.}
    if [ ! -s "$file" ] || [ "$id" = "$$" ]; then continue; fi
    if kill -0 "$id" 2>/dev/null; then return; fi
    if [ "$feature" -lt 25 ]; then mv -f "$file" "$1"; else make_archive "$1" "$file"; fi
    return
  done
  recording=$1.$$
}

# The file gets the id of the process that makes the archive, so that only one does, and another one takes over if that one was killed.
make_archive() {
  (
    mv "$2" "$1.$BASHPID" && {
      "$java_home/bin/java" "${options[@]}" -XX:AOTMode=create "-XX:AOTConfiguration=$1.$BASHPID" "-XX:AOTCache=$cache/new.$BASHPID" \
        -cp "${class_path#:}" || : >"$cache/new.$BASHPID"
      mv -f "$cache/new.$BASHPID" "$1"
      rm -f "$1.$BASHPID"
    }
  ) >/dev/null 2>&1 </dev/null &
}
