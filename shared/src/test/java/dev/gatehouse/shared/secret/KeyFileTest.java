package dev.gatehouse.shared.secret;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.attribute.PosixFilePermissions;

final class KeyFileTest {

    @Test
    void volumeOfSecretsMayGiveAFileOfRootToTheGroupOfTheServer() {
        assertThat(isPrivate("r--r-----", "root", "gatehouse")).isTrue();
        assertThat(isPrivate("rw-------", "gatehouse", "gatehouse")).isTrue();
        assertThat(isPrivate("r--r-----", "gatehouse", "gatehouse")).as("the user can restrict an own file").isFalse();
        assertThat(isPrivate("r--r-----", "root", "root")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-rw----", "rw-r--r--", "rw----r--", "rw-r-x---"})
    void fileOfRootThatOthersCanReadOrWriteIsNotPrivate(String permissions) {
        assertThat(isPrivate(permissions, "root", "gatehouse")).isFalse();
    }

    private static boolean isPrivate(String permissions, String owner, String user) {
        return KeyFile.isPrivate(PosixFilePermissions.fromString(permissions), owner, user);
    }
}
