package dev.gatehouse.mcp.bearer;

import dev.gatehouse.mcp.bearer.PresentedToken.AuthScheme;
import dev.gatehouse.shared.dpop.DpopVerifier.DpopProof;
import dev.gatehouse.shared.dpop.DpopVerifier.ProofLifetime;
import dev.gatehouse.shared.dpop.DpopVerifier.ProofTarget;
import dev.gatehouse.shared.dpop.DpopVerifier;
import dev.gatehouse.shared.http.MountPoint;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.ResourceId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/**
 * Holds a good token against the way in which it is presented: one that is bound to a key counts only with a proof by that
 * key, made for this very request (RFC 9449 §7), and never as a bearer token.
 */
public final class DpopGuard {

    private final ProtectedResource resource;
    private final DpopOptions options;
    private final DpopVerifier verifier;
    private final ReplayWindow memory;

    /**
     * Creates the check of proofs.
     *
     * @param vertx the Vert.x instance
     * @param resource the protected resource
     * @param options the requirements
     * @param clock tells the current time
     */
    public DpopGuard(Vertx vertx, ProtectedResource resource, DpopOptions options, Clock clock) {
        ProofLifetime lifetime = ProofLifetime.of(options.proofSeconds());
        this.resource = resource;
        this.options = options;
        this.verifier = new DpopVerifier(vertx, lifetime, clock);
        this.memory = ReplayWindow.shared(vertx, resource, options, lifetime, clock);
    }

    /** The ways in which tokens may be presented, the usual first. */
    List<AuthScheme> schemes() {
        return options.required() ? List.of(AuthScheme.DPOP) : List.of(AuthScheme.BEARER, AuthScheme.DPOP);
    }

    /** Returns true if each response announces the nonce for the next proof. */
    boolean tellsNonces() {
        return options.nonceRequired();
    }

    String nonce() {
        return memory.nonce();
    }

    /**
     * Checks how a token is presented.
     *
     * @return the token, complete already when it needs no proof; fails with {@link OAuthException}
     */
    Future<VerifiedToken> check(RoutingContext context, PresentedToken presented, VerifiedToken token) {
        String thumbprint = token.keyThumbprint();
        if (presented.scheme() == AuthScheme.DPOP) {
            return thumbprint == null ? refuse("The access token is not bound to a key: send it as a bearer token")
                : verifier.verify(context.request().headers().getAll(DpopVerifier.HEADER), target(context, presented))
                    .map(proof -> take(proof, thumbprint, token));
        }
        if (thumbprint != null) {
            return refuse("The access token is bound to a key and cannot be used as a bearer token");
        }
        return options.required() ? refuse("This server requires access tokens that are bound to a key") : Future.succeededFuture(token);
    }

    private ProofTarget target(RoutingContext context, PresentedToken presented) {
        HttpServerRequest request = context.request();
        List<String> urls = resource.urlsAt(MountPoint.of(context), request.path());
        HostAndPort authority = request.authority();
        return new ProofTarget(request.method().name(), authority == null ? urls : asCalled(urls, authority.host()), presented.text());
    }

    /** The URLs with the loopback name that the request used besides: clients prove the URL that they call. */
    private static List<String> asCalled(List<String> urls, String host) {
        return urls.stream().flatMap(url -> Stream.of(url, new ResourceId(url).asCalled(host).value())).distinct().toList();
    }

    private VerifiedToken take(DpopProof proof, String thumbprint, VerifiedToken token) {
        if (!proof.thumbprint().equals(thumbprint)) {
            throw new OAuthException(OAuthErrorCode.INVALID_TOKEN, "The access token is bound to another key than the proof's");
        }
        memory.take(proof);
        return token;
    }

    private static Future<VerifiedToken> refuse(String description) {
        return Future.failedFuture(new OAuthException(OAuthErrorCode.INVALID_TOKEN, description));
    }

    /**
     * Requirements for tokens that are bound to a key (RFC 9449).
     *
     * @param required      whether other tokens are rejected
     * @param nonceRequired whether each proof must contain a nonce of this server
     * @param proofSeconds  maximum age of a proof
     * @param proofsKept    maximum number of proofs that are remembered, so that each is accepted once
     */
    public record DpopOptions(boolean required, boolean nonceRequired, int proofSeconds, int proofsKept) {

        /** Bound and other tokens side by side. */
        public static final DpopOptions DEFAULT = new DpopOptions(false, false, 60, 200_000);
    }
}
