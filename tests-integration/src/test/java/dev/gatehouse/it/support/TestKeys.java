package dev.gatehouse.it.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Keys with certificates, made by the JDK's own tool, each in a store of its own. */
public final class TestKeys {
    private static final String PASSWORD = "changeit";
    private final Path directory = Product.scratch("certificates");

    /** A key that vouches for itself. @param more as {@code -ext}, {@code BC=ca:true} */
    public TestKeys make(String name, String subject, String... more) {
        keytool("-genkeypair", name, List.of("-dname", subject, "-validity", "2"), more);
        return this;
    }

    /** A key that another one's certificate vouches for. */
    public TestKeys make(String name, String subject, TestKeys authority, String authorityName, String... more) {
        make(name, subject);
        Path request = directory.resolve(name + ".csr");
        Path issued = directory.resolve(name + "-issued.pem");
        keytool("-certreq", name, List.of("-file", request.toString()));
        authority.keytool("-gencert", authorityName, List.of("-infile", request.toString(), "-outfile", issued.toString(), "-rfc",
            "-validity", "2"), more);
        keytool("-importcert", name, "authority", List.of("-noprompt", "-file", authority.certificateFile(authorityName).toString()));
        keytool("-importcert", name, List.of("-noprompt", "-file", issued.toString()));
        return this;
    }

    public Path certificateFile(String name) {
        return write(name + ".pem", "CERTIFICATE", certificate(name));
    }

    public Path keyFile(String name) {
        try {
            return write(name + "-key.pem", "PRIVATE KEY", store(name).getKey(name, PASSWORD.toCharArray()).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** DER. */
    public byte[] certificate(String name) {
        try {
            return store(name).getCertificate(name).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public X509Certificate x509(String name) {
        try {
            return (X509Certificate) store(name).getCertificate(name);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Shows this key's certificate, or none for null, and trusts the other one's. */
    public SSLContext context(String shown, String trusted) {
        try {
            KeyStore anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, null);
            Certificate anchor = store(trusted).getCertificate(trusted);
            anchors.setCertificateEntry("anchor", anchor);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(anchors);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(shown == null ? null : store(shown), PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(shown == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeyStore store(String name) {
        try (InputStream in = Files.newInputStream(directory.resolve(name + ".p12"))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path write(String name, String type, byte[] der) {
        try {
            Path file = Files.writeString(directory.resolve(name), "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type + "-----\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void keytool(String action, String name, List<String> arguments, String... more) {
        keytool(action, name, name, arguments, more);
    }

    private void keytool(String action, String name, String alias, List<String> arguments, String... more) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), action,
            "-alias", alias, "-storetype", "PKCS12", "-keystore", directory.resolve(name + ".p12").toString(), "-storepass", PASSWORD));
        if (action.equals("-genkeypair")) {
            command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        }
        command.addAll(arguments);
        command.addAll(List.of(more));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
