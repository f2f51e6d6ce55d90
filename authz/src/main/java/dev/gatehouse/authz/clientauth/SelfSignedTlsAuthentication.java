package dev.gatehouse.authz.clientauth;

import dev.gatehouse.authz.store.Client;
import dev.gatehouse.authz.store.ClientAuthMethod;
import dev.gatehouse.shared.jose.KeysUnavailableException;
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
import java.util.List;
import java.util.Map;

/** A certificate that the client has registered as {@code x5c} of one of its keys (RFC 8705 §2.2). Nobody need have issued it. */
public final class SelfSignedTlsAuthentication implements AuthenticationMethod {

    private static final Map<String, SigningAlgorithm> BY_KEY = Map.of("EC", SigningAlgorithm.ES256, "RSA", SigningAlgorithm.RS256,
        "EdDSA", SigningAlgorithm.EDDSA);

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
    public boolean isUsed(ClientCall call) {
        return call.isOnlyNamed() && !call.certificates().isEmpty();
    }

    @Override
    public boolean isLeftToRegistration() {
        return true;
    }

    @Override
    public List<Credentials> read(ClientCall call) {
        return List.of(new Credentials(call.form().single("client_id"), null));
    }

    @Override
    public Future<Boolean> verify(Client client, Credentials credentials, ClientCall call) {
        X509Certificate certificate = call.certificates().get(0);
        SigningAlgorithm algorithm = BY_KEY.get(certificate.getPublicKey().getAlgorithm());
        if (algorithm == null || !isWithinItsTime(certificate)) {
            return Future.succeededFuture(false);
        }
        return keys.of(client).candidates(null, algorithm)
            .map(candidates -> candidates.stream().anyMatch(key -> isOf(key, certificate)))
            .recover(failure -> Future.failedFuture(failure instanceof KeysUnavailableException
                ? new OAuthException(OAuthErrorCode.TEMPORARILY_UNAVAILABLE, "The client's keys cannot be fetched at this moment",
                    failure.getMessage()) : failure));
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
