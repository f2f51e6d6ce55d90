package dev.gatehouse.authz.token;

import dev.gatehouse.authz.dpop.DpopProofs;
import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.shared.dpop.DpopVerifier;
import dev.gatehouse.shared.dpop.DpopVerifier.ProofTarget;
import dev.gatehouse.shared.http.AuthorizationHeader;
import dev.gatehouse.shared.http.ClientCertificates;
import dev.gatehouse.shared.oauth.Issuer;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Reads the access token of a request to a protected resource of this server, and checks that the request uses it as it is bound: as a bearer
 * token (RFC 6750), with a proof by its key (RFC 9449 §7), or over a TLS connection with its certificate (RFC 8705 §3).
 */
public final class TokenPresentation {

    private final PresentedTokens tokens;
    private final DpopProofs proofs;
    private final ClientCertificates certificates;
    private final Issuer issuer;

    public TokenPresentation(PresentedTokens tokens, DpopProofs proofs, ClientCertificates certificates, Issuer issuer) {
        this.tokens = tokens;
        this.proofs = proofs;
        this.certificates = certificates;
        this.issuer = issuer;
    }

    /** Returns the active token of the {@code Authorization} header. Fails with {@code invalid_token}, {@code invalid_dpop_proof} or {@code use_dpop_nonce}. */
    public Future<AccessToken> of(RoutingContext context) {
        AuthorizationHeader header = AuthorizationHeader.only(context.request());
        return header == null || header.credentials().isEmpty() ? Future.failedFuture(invalid("The Authorization header must contain an access token"))
            : of(context, header.scheme(), header.credentials());
    }

    /** The same for a token that the request has in another place. @param scheme the scheme by which the request uses the token */
    public Future<AccessToken> of(RoutingContext context, String scheme, String token) {
        return switch (scheme.toLowerCase(Locale.ROOT)) {
            case "bearer" -> active(token).map(found -> requireUnproved(found, context.request()));
            case "dpop" -> proofs.withNonce(context.response(), () -> active(token).compose(found -> requireProof(found, context.request(), token)));
            default -> Future.failedFuture(invalid("The scheme of the Authorization header must be Bearer or DPoP"));
        };
    }

    private Future<AccessToken> active(String token) {
        return tokens.findActive(token).map(TokenPresentation::requireActive);
    }

    private static AccessToken requireActive(IndexedToken found) {
        if (found == null) {
            throw invalid("The access token is expired, revoked or unknown");
        }
        return found.token();
    }

    private AccessToken requireUnproved(AccessToken token, HttpServerRequest request) {
        if (token.isBoundToKey()) {
            throw invalid("The access token is bound to a key: send it with the scheme DPoP and a proof");
        }
        if (token.confirmation() != null && !token.confirmation().equals(Confirmation.ofCertificate(certificates.of(request)))) {
            throw invalid("The access token is bound to another certificate than that of the TLS connection");
        }
        return token;
    }

    private Future<AccessToken> requireProof(AccessToken token, HttpServerRequest request, String text) {
        if (!token.isBoundToKey()) {
            return Future.failedFuture(invalid("The access token is not bound to a key: send it with the scheme Bearer"));
        }
        ProofTarget target = new ProofTarget(request.method().name(), List.of(issuer.urlOf(request.path())), text);
        return proofs.take(request.headers().getAll(DpopVerifier.HEADER), target).map(thumbprint -> {
            if (!Objects.equals(token.confirmation().thumbprint(), thumbprint)) {
                throw invalid("The access token is bound to another key than that of the proof");
            }
            return token;
        });
    }

    private static OAuthException invalid(String description) {
        return new OAuthException(OAuthErrorCode.INVALID_TOKEN, description);
    }
}
