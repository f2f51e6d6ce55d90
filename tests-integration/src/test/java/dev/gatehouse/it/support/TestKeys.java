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

/** Keys with certificates, created by keytool. */
public final class TestKeys {
    private static final String PASSWORD = "changeit";
    private final Path directory = Product.scratch("certificates");
    private final Path file = directory.resolve("keys.p12");

    /** A key with a self-signed certificate. @param more as {@code -ext}, {@code BC=ca:true} */
    public TestKeys make(String name, String subject, String... more) {
        return generate(name, subject, List.of(more));
    }

    /** A key whose certificate another key has signed. */
    public TestKeys makeSigned(String name, String subject, String signer, String... more) {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("-signer", signer));
        return generate(name, subject, arguments);
    }

    public Path certificateFile(String name) {
        return write(name + ".pem", pem("CERTIFICATE", certificate(name)));
    }

    /** The certificate and those that sign it. */
    public Path chainFile(String name) {
        try {
            StringBuilder chain = new StringBuilder();
            for (Certificate each : store().getCertificateChain(name)) {
                chain.append(pem("CERTIFICATE", each.getEncoded()));
            }
            return write(name + "-chain.pem", chain.toString());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public Path keyFile(String name) {
        try {
            return write(name + "-key.pem", pem("PRIVATE KEY", store().getKey(name, PASSWORD.toCharArray()).getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** DER. */
    public byte[] certificate(String name) {
        try {
            return store().getCertificate(name).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public X509Certificate x509(String name) {
        try {
            return (X509Certificate) store().getCertificate(name);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Presents the certificate of this key, or none for null, and trusts the certificate of the other key. */
    public SSLContext context(String shown, String trusted) {
        try {
            KeyStore anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, null);
            Certificate anchor = store().getCertificate(trusted);
            anchors.setCertificateEntry("anchor", anchor);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(anchors);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(shown == null ? null : only(shown), PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(shown == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A key store with this key and its certificate chain. */
    private KeyStore only(String name) throws GeneralSecurityException, IOException {
        KeyStore only = KeyStore.getInstance("PKCS12");
        only.load(null, null);
        only.setKeyEntry(name, store().getKey(name, PASSWORD.toCharArray()), PASSWORD.toCharArray(), store().getCertificateChain(name));
        return only;
    }

    private KeyStore store() {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD.toCharArray());
            return store;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type + "-----\n";
    }

    private Path write(String name, String text) {
        try {
            Path file = Files.writeString(directory.resolve(name), text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private TestKeys generate(String name, String subject, List<String> more) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-genkeypair", "-alias", name, "-dname", subject, "-validity", "2", "-keyalg", "EC",
            "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD));
        if (!more.contains("-groupname")) {
            command.addAll(List.of("-groupname", "secp256r1"));
        }
        command.addAll(more);
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(output);
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
