package dev.gatehouse.authz.client.auth;

import dev.gatehouse.shared.config.StartupException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** Reads the certificates of a PEM file. Blocking. */
public final class CertificateFile {

    private CertificateFile() {
    }

    /** @throws StartupException that names the setting when the file cannot be read or holds none */
    public static List<X509Certificate> read(String setting, Path file) {
        try (InputStream bytes = Files.newInputStream(file)) {
            List<X509Certificate> certificates = CertificateFactory.getInstance("X.509").generateCertificates(bytes).stream()
                .map(X509Certificate.class::cast).toList();
            if (certificates.isEmpty()) {
                throw new StartupException(setting + ": " + file + " holds no certificate");
            }
            return certificates;
        } catch (IOException | CertificateException unreadable) {
            throw new StartupException(setting + ": " + file + " cannot be read as PEM certificates: " + unreadable.getMessage());
        }
    }
}
