package dev.gatehouse.shared.http;

import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;

import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * The certificate and the cipher suites of a server for TLS 1.2 and 1.3: the section {@code tls} of a configuration.
 *
 * @param certificateFile PEM file of the certificate chain
 * @param keyFile         PEM file of the private key
 * @param cipherSuites    in order of preference; null for those of RFC 9325
 */
public record TlsIdentity(String certificateFile, String keyFile, List<String> cipherSuites) {

    /** RFC 9325 §4.2 for TLS 1.2: ephemeral keys and authenticated encryption. TLS 1.3 has no other suites. */
    private static final List<String> RFC_9325 = List.of(
        "TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /**
     * Checks the cipher suites.
     *
     * @param cipherSuites the allowed suites
     * @param certificateFile the PEM file of the certificate chain
     * @param keyFile the PEM file of the private key
     * @throws StartupException if this Java does not support a suite
     */
    public TlsIdentity {
        cipherSuites = cipherSuites == null ? RFC_9325 : List.copyOf(cipherSuites);
        requireKnown(cipherSuites);
    }

    private static void requireKnown(List<String> suites) {
        Set<String> known = supported();
        suites.stream().filter(suite -> !known.contains(suite)).findFirst().ifPresent(unknown -> {
            throw new StartupException("tls.cipherSuites: this Java does not support " + unknown
                + ". Use the names of the IANA registry, such as " + RFC_9325.get(0));
        });
    }

    private static Set<String> supported() {
        try {
            return Set.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java has no TLS", e);
        }
    }

    /**
     * {@return the same identity with relative file names resolved against a data home}
     *
     * @param home the data home
     */
    public TlsIdentity in(DataHome home) {
        return new TlsIdentity(home.file(certificateFile).toString(), home.file(keyFile).toString(), cipherSuites);
    }

    void applyTo(HttpServerOptions options) {
        options.setSsl(true).setUseAlpn(true)
            .setKeyCertOptions(new PemKeyCertOptions().setCertPath(certificateFile).setKeyPath(keyFile))
            .setEnabledSecureTransportProtocols(Set.of("TLSv1.3", "TLSv1.2"));
        cipherSuites.forEach(options::addEnabledCipherSuite);
    }
}
