package dev.gatehouse.authz.client.auth;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.auth.AuthenticationMethod.Credentials;
import dev.gatehouse.shared.jose.KeySource;
import dev.gatehouse.shared.jose.KeySource.KeysUnavailableException;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.jose.VerificationKey;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;

import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** A certificate that the client has registered as {@code x5c} of one of its keys (RFC 8705 §2.2). It needs no issuer. */
public final class SelfSignedTlsAuthentication extends CertificateAuthentication {

    /** A key is found by any algorithm that it may be registered for. */
    private static final Map<String, List<SigningAlgorithm>> BY_KEY = Map.of(
        "EC", List.of(SigningAlgorithm.ES256, SigningAlgorithm.ES384, SigningAlgorithm.ES512),
        "RSA", List.of(SigningAlgorithm.RS256, SigningAlgorithm.RS384, SigningAlgorithm.RS512,
            SigningAlgorithm.PS256, SigningAlgorithm.PS384, SigningAlgorithm.PS512),
        "EdDSA", List.of(SigningAlgorithm.EDDSA));

    private final ClientKeys keys;
    private final Clock clock;

    public SelfSignedTlsAuthentication(ClientKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public ClientAuthMethod method() {
        return ClientAuthMethod.SELF_SIGNED_TLS_CLIENT_AUTH;
    }

    @Override
    public Future<Boolean> verify(Client client, Credentials credentials, ClientCall call) {
        X509Certificate certificate = call.certificates().get(0);
        List<SigningAlgorithm> algorithms = BY_KEY.getOrDefault(certificate.getPublicKey().getAlgorithm(), List.of());
        return isWithinItsTime(certificate) ? isRegistered(keys.of(client), algorithms.iterator(), certificate)
            .recover(SelfSignedTlsAuthentication::explain) : Future.succeededFuture(false);
    }

    private static Future<Boolean> isRegistered(KeySource registered, Iterator<SigningAlgorithm> algorithms, X509Certificate certificate) {
        return !algorithms.hasNext() ? Future.succeededFuture(false) : registered.candidates(null, algorithms.next())
            .compose(candidates -> candidates.stream().anyMatch(key -> isOf(key, certificate)) ? Future.succeededFuture(true)
                : isRegistered(registered, algorithms, certificate));
    }

    private static Future<Boolean> explain(Throwable failure) {
        return Future.failedFuture(failure instanceof KeysUnavailableException
            ? new OAuthException(OAuthErrorCode.TEMPORARILY_UNAVAILABLE, "The client's keys cannot be fetched at this moment",
                failure.getMessage()) : failure);
    }

    private boolean isWithinItsTime(X509Certificate certificate) {
        try {
            certificate.checkValidity(Date.from(clock.instant()));
            return true;
        } catch (CertificateException expired) {
            return false;
        }
    }

    private static boolean isOf(VerificationKey key, X509Certificate certificate) {
        try {
            JsonArray registered = key.toJson().getJsonArray("x5c");
            return registered != null && !registered.isEmpty()
                && registered.getString(0).equals(Base64.getEncoder().encodeToString(certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            return false;
        }
    }
}
