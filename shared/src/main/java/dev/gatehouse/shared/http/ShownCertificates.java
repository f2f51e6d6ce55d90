package dev.gatehouse.shared.http;

import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/**
 * Takes every certificate that a TLS client shows. The handshake proves that the client holds its key; what it may do by it
 * is decided where the request is read, which knows whose certificate it ought to be (RFC 8705 §2).
 */
final class ShownCertificates implements X509TrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyExchange) {
        // Decided later.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyExchange) {
        throw new UnsupportedOperationException("This is for servers");
    }

    /** None, so that clients offer whichever certificate they have. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
