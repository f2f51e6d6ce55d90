package dev.gatehouse.shared.fetch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A certificate authority of a test, and servers' keys that it has signed. */
final class Certificates {

    static final String PASSWORD = "changeit";

    private final Path directory;
    private final Path store;

    Certificates(Path directory) {
        this.directory = directory;
        store = directory.resolve("keys.p12");
        keytool("-genkeypair", "-alias", "ca", "-keyalg", "EC", "-dname", "CN=Test authority", "-ext", "bc:c");
    }

    /** The authority's certificate as a PEM file. */
    Path authority() {
        Path file = directory.resolve("ca.pem");
        keytool("-exportcert", "-rfc", "-alias", "ca", "-file", file.toString());
        return file;
    }

    /** Where the keys are, under the aliases that {@link #sign} was given. */
    Path store() {
        return store;
    }

    /** A key for one name, valid from so many days ago on for so many days. */
    Certificates sign(String alias, String host, int daysAgo, int days) {
        keytool("-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", "CN=" + host, "-ext", "san=dns:" + host,
            "-signer", "ca", "-startdate", "-" + daysAgo + "d", "-validity", Integer.toString(days));
        return this;
    }

    /** A key that nobody but itself vouches for. */
    Certificates selfSign(String alias, String host) {
        keytool("-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", "CN=" + host, "-ext", "san=dns:" + host);
        return this;
    }

    private void keytool(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
        try {
            Path output = Files.createTempFile(directory, "keytool", ".txt");
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(Files.readString(output));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
