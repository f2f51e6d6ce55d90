package dev.gatehouse.shared.http;

import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.http.HttpServerRequest;

import java.io.ByteArrayInputStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The certificates of a client: from the TLS connection, or from the headers {@code Client-Cert} and
 * {@code Client-Cert-Chain} of a trusted proxy (RFC 9440). The headers of any other peer are ignored.
 */
public final class ClientCertificates {

    private static final int MOST = 8;
    private static final ClientCertificates NONE = new ClientCertificates(false, null);
    private static final ClientCertificates OF_CONNECTIONS = new ClientCertificates(true, null);

    private final boolean enabled;
    private final ClientAddress proxies;

    private ClientCertificates(boolean enabled, ClientAddress proxies) {
        this.enabled = enabled;
        this.proxies = proxies;
    }

    /** {@return a source without certificates} */
    public static ClientCertificates none() {
        return NONE;
    }

    /** {@return the certificates of TLS connections to this server} */
    public static ClientCertificates ofConnections() {
        return OF_CONNECTIONS;
    }

    /**
     * {@return the certificates in the headers of trusted proxies, and of the TLS connections of other peers}
     *
     * @param proxies knows the trusted proxies
     */
    public static ClientCertificates ofProxies(ClientAddress proxies) {
        return new ClientCertificates(true, proxies);
    }

    /**
     * {@return the certificates that the configuration {@code mutualTls} of a server asks for}
     *
     * @param enabled whether the server asks for certificates
     * @param proxyHeader whether its trusted proxies send them in headers
     * @param proxies knows the trusted proxies
     */
    public static ClientCertificates configured(boolean enabled, boolean proxyHeader, ClientAddress proxies) {
        if (!enabled) {
            return none();
        }
        return proxyHeader ? ofProxies(proxies) : ofConnections();
    }

    /**
     * {@return the problem of a configuration that asks for certificates which the server cannot receive; empty if it can}
     *
     * @param tls whether the server ends TLS
     * @param proxyHeader whether its trusted proxies send certificates in headers
     * @param trustedProxies the trusted proxies
     */
    public static Optional<String> problem(boolean tls, boolean proxyHeader, List<String> trustedProxies) {
        return tls || proxyHeader && !trustedProxies.isEmpty() ? Optional.empty() : Optional.of("mutualTls.enabled: the server cannot receive certificates;"
            + " set tls, or set mutualTls.proxyHeader and list in trustedProxies the proxies that end TLS");
    }

    /** {@return false for a source without certificates} */
    public boolean isOn() {
        return enabled;
    }

    /**
     * {@return the certificate chain, the client's own certificate first; empty if there is none}
     *
     * @param request the request
     */
    public List<X509Certificate> of(HttpServerRequest request) {
        if (!enabled) {
            return List.of();
        }
        return proxies != null && proxies.isFromTrustedProxy(request) ? ofHeaders(request) : ofConnection(request);
    }

    /**
     * {@return the thumbprint of a certificate, the value of {@code x5t#S256} (RFC 8705 §3.1)}
     *
     * @param certificate the certificate
     */
    public static String thumbprint(X509Certificate certificate) {
        try {
            return SecretToken.encode(SecretToken.sha256(certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("A certificate that was read can be encoded", e);
        }
    }

    private static List<X509Certificate> ofConnection(HttpServerRequest request) {
        SSLSession session = request.connection().sslSession();
        if (session == null) {
            return List.of();
        }
        try {
            List<X509Certificate> shown = new ArrayList<>();
            for (Certificate each : session.getPeerCertificates()) {
                if (each instanceof X509Certificate certificate && shown.size() < MOST) {
                    shown.add(certificate);
                }
            }
            return shown;
        } catch (SSLPeerUnverifiedException none) {
            return List.of();
        }
    }

    private static List<X509Certificate> ofHeaders(HttpServerRequest request) {
        List<String> own = request.headers().getAll("Client-Cert");
        if (own.size() != 1) {
            return List.of();
        }
        String chain = String.join(",", request.headers().getAll("Client-Cert-Chain"));
        try {
            List<X509Certificate> shown = new ArrayList<>(List.of(parse(own.get(0))));
            for (String each : chain.isBlank() ? new String[0] : chain.split(",", MOST)) {
                shown.add(parse(each));
            }
            return shown;
        } catch (CertificateException | IllegalArgumentException malformed) {
            return List.of();
        }
    }

    /** Parses a byte sequence (RFC 8941 §3.3.5): base64 between colons. */
    private static X509Certificate parse(String item) throws CertificateException {
        String text = item.strip();
        if (text.length() < 2 || text.charAt(0) != ':' || text.charAt(text.length() - 1) != ':') {
            throw new CertificateException("not a byte sequence");
        }
        byte[] bytes = Base64.getDecoder().decode(text.substring(1, text.length() - 1));
        return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
    }
}
