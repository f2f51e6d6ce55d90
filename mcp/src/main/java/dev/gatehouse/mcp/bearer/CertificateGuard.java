package dev.gatehouse.mcp.bearer;

import dev.gatehouse.shared.http.ClientCertificates;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.http.HttpServerRequest;

import java.security.cert.X509Certificate;
import java.util.List;

/** Accepts a token that is bound to a certificate only with that certificate (RFC 8705 §3). */
final class CertificateGuard {

    private final ClientCertificates certificates;

    CertificateGuard(ClientCertificates certificates) {
        this.certificates = certificates;
    }

    /** Returns the token. @throws OAuthException {@code invalid_token} if the request has another certificate or none */
    VerifiedToken check(HttpServerRequest request, VerifiedToken token) {
        String thumbprint = token.certificateThumbprint();
        if (thumbprint != null && !thumbprint.equals(thumbprint(certificates.of(request)))) {
            throw new OAuthException(OAuthErrorCode.INVALID_TOKEN, certificates.isOn()
                ? "The access token is bound to another certificate than that of the TLS connection"
                : "The access token is bound to a certificate, and this server takes none");
        }
        return token;
    }

    private static String thumbprint(List<X509Certificate> chain) {
        return chain.isEmpty() ? null : ClientCertificates.thumbprint(chain.get(0));
    }
}
