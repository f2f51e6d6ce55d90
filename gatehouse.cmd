@echo off
rem The launcher of Gatehouse for Windows, for an installation from the archive: finds a Java and runs the command.
setlocal EnableExtensions DisableDelayedExpansion
set "root=%~dp0"
set "root=%root:~0,-1%"

if not exist "%root%\lib\gatehouse-shared-*.jar" (
  echo gatehouse: %root%\lib has no libraries. Unpack the archive; a checkout of the sources is built on Linux or macOS. 1>&2
  exit /b 1
)

rem The runtime of the archive, else JAVA_HOME, else the java of the PATH.
set "java=%root%\runtime\bin\java.exe"
if not exist "%java%" if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"
if not exist "%java%" set "java="
if not defined java for /f "delims=" %%J in ('where java.exe 2^>nul') do if not defined java set "java=%%J"
if not defined java (
  echo gatehouse: no Java found. Install a JDK, version 17 or newer, or set JAVA_HOME to one. 1>&2
  exit /b 1
)

rem The last line of the version, such as: java.specification.version = 17
set "feature="
for /f "tokens=3" %%V in ('""%java%" -XshowSettings:properties -version 2^>^&1 ^| findstr /c:"java.specification.version ="') do set "feature=%%V"
set "feature=%feature:1.8=8%"
if not defined feature (
  echo gatehouse: %java% does not start. 1>&2
  exit /b 1
)
if %feature% LSS 17 (
  echo gatehouse: Java %feature% at %java% is too old. Install a JDK, version 17 or newer, or set JAVA_HOME to one. 1>&2
  exit /b 1
)

set "options=-Xlog:disable -Xlog:all=error:stderr -Djava.awt.headless=true -Dio.netty.jfr.enabled=false -Djdk.reflect.useNativeAccessorOnly=true -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -XX:+DisplayVMOutputToStderr"
if %feature% GEQ 22 set "options=%options% --enable-native-access=ALL-UNNAMED"
if %feature% GEQ 24 set "options=%options% --sun-misc-unsafe-memory-access=allow"

rem Servers get one gigabyte of heap, commands a quarter of it. The options of the user come later and take precedence.
set "heap=-Xmx256m -XX:TieredStopAtLevel=1"
if /i "%~1"=="up" set "heap=-Xmx1g"
if /i "%~1"=="authz" set "heap=-Xmx1g"
if /i "%~1"=="mcp" set "heap=-Xmx1g"
if /i "%~1"=="run" set "heap=-Xmx1g"

"%java%" %options% %heap% %GATEHOUSE_JVM_OPTIONS% "-Dgatehouse.command=%~f0" -cp "%root%\lib\*" dev.gatehouse.shared.cli.Gatehouse %*
exit /b %ERRORLEVEL%
