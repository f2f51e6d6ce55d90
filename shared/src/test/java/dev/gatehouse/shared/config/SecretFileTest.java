package dev.gatehouse.shared.config;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SecretFileTest {

    @TempDir
    private Path directory;

    private SecretFile file(String content) throws IOException {
        return new SecretFile("some.passwordFile", Files.writeString(directory.resolve("secret"), content));
    }

    @Test
    void lineBreakAtTheEndIsNotPartOfTheSecret() throws IOException {
        for (String content : new String[] {" s3cret ", " s3cret \n", " s3cret \r\n"}) {
            assertThat(file(content).read()).isEqualTo(" s3cret ");
        }
    }

    @Test
    void messageNamesTheSettingAndTheFileAndNeverTheContent() throws IOException {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> new SecretFile("some.passwordFile", missing).read()).isInstanceOf(StartupException.class)
            .hasMessageStartingWith("some.passwordFile: " + missing + " cannot be read");
        SecretFile empty = file("\n");
        assertThatThrownBy(empty::read).isInstanceOf(StartupException.class).hasMessage("some.passwordFile: " + empty.file() + " is empty");
        Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xC3, 's', 'e', 'c', 'r', 'e', 't'});
        assertThatThrownBy(() -> new SecretFile("some.passwordFile", binary).read()).isInstanceOf(StartupException.class).hasMessageNotContaining("secret");
    }
}
