package dev.gatehouse.shared.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of the configuration that contains one secret.
 *
 * @param setting the key that names the file
 * @param file the file
 */
public record SecretFile(String setting, Path file) {

    /**
     * Reads the secret. Blocking.
     *
     * @return the text without the line break at its end, which editors add
     * @throws StartupException if the file cannot be read or is empty
     */
    public String read() {
        try {
            String secret = Files.readString(file).replaceFirst("\\R\\z", "");
            if (secret.isBlank()) {
                throw new StartupException(setting + ": " + file + " is empty");
            }
            return secret;
        } catch (IOException e) {
            throw new StartupException(setting + ": " + file + " cannot be read: " + e, e);
        }
    }
}
