package dev.gatehouse.authz.client.auth;

import dev.gatehouse.shared.http.ClientAddress;
import io.vertx.core.http.HttpServerRequest;

import java.io.ByteArrayInputStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The certificates of a client: from the TLS connection, or from the headers {@code Client-Cert} and
 * {@code Client-Cert-Chain} of a trusted proxy (RFC 9440). The headers of any other peer are ignored.
 */
public final class ClientCertificates {

    private static final int MOST = 8;

    private final MutualTlsOptions options;
    private final ClientAddress addresses;

    public ClientCertificates(MutualTlsOptions options, ClientAddress addresses) {
        this.options = options;
        this.addresses = addresses;
    }

    /** Returns the certificate chain, the client's own certificate first; empty if there is none. */
    public List<X509Certificate> of(HttpServerRequest request) {
        if (!options.enabled()) {
            return List.of();
        }
        return options.proxyHeader() && addresses.isFromTrustedProxy(request) ? ofHeaders(request) : ofConnection(request);
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

    /**
     * Client certificates (RFC 8705).
     *
     * @param enabled whether the server requests one
     * @param trustFile PEM file of the authorities whose certificates are accepted; null for registered certificates only
     * @param proxyHeader whether the trusted proxies send it in the header {@code Client-Cert} (RFC 9440)
     */
    public record MutualTlsOptions(boolean enabled, String trustFile, boolean proxyHeader) {
    }
}
