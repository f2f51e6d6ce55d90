package dev.gatehouse.shared.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

class DataHomeTest {

    @TempDir
    private Path directory;

    @Test
    void theEnvironmentNamesItElseItIsInTheHomeDirectory() {
        assertThat(DataHome.of(Map.of("GATEHOUSE_HOME", "/srv/gate/../gatehouse")).directory())
            .isEqualTo(Path.of("/srv/gatehouse"));
        Path usual = Path.of(System.getProperty("user.home"), ".gatehouse");
        assertThat(DataHome.of(Map.of()).directory()).isEqualTo(usual);
        assertThat(DataHome.of(Map.of("HOME", "/home/alice")).directory()).isEqualTo(Path.of("/home/alice/.gatehouse"));
        assertThat(DataHome.of(Map.of("GATEHOUSE_HOME", " ")).directory()).isEqualTo(usual);
    }

    @Test
    void itIsMadeForItsOwnerOnly() throws IOException {
        Path home = directory.resolve("a/b");
        new DataHome(home).prepare();
        assertThat(permissions(home)).isEqualTo("rwx------");
    }

    @Test
    void anOpenOneOfOursIsClosed() throws IOException {
        Path home = open("home");
        Files.createFile(home.resolve("authz.db"));
        Files.createFile(home.resolve("authz.db-wal"));
        Files.createDirectory(home.resolve("keys"));
        new DataHome(home).prepare();
        assertThat(permissions(home)).isEqualTo("rwx------");
    }

    @Test
    void anOpenOneOfSomebodyElseStaysAsItIs() throws IOException {
        Path home = open("tmp");
        Files.createFile(home.resolve("letter.txt"));
        assertThatThrownBy(() -> new DataHome(home).prepare()).isInstanceOf(StartupException.class)
            .hasMessageContaining("chmod 700 " + home);
        assertThat(permissions(home)).isEqualTo("rwxr-xr-x");
        Files.delete(home.resolve("letter.txt"));
        new DataHome(home).prepare();
        assertThat(permissions(home)).isEqualTo("rwx------");
    }

    @Test
    void oneThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> new DataHome(file.resolve("home")).prepare()).isInstanceOf(StartupException.class)
            .hasMessageContaining(file.resolve("home").toString()).hasMessageContaining("GATEHOUSE_HOME");
        assertThatThrownBy(() -> new DataHome(file).prepare()).isInstanceOf(StartupException.class)
            .hasMessageContaining("GATEHOUSE_HOME");
    }

    @Test
    void filesAreInItUnlessTheirNameIsAbsolute() {
        assertThat(new DataHome(directory).file("keys/authz.key")).isEqualTo(directory.resolve("keys/authz.key"));
        assertThat(new DataHome(directory).file("/srv/authz.key")).isEqualTo(Path.of("/srv/authz.key"));
    }

    private Path open(String name) throws IOException {
        Path made = Files.createDirectory(directory.resolve(name));
        return Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
