package dev.gatehouse.resource;

import dev.gatehouse.client.credential.StoredLogin;
import dev.gatehouse.client.http.CallException;
import dev.gatehouse.client.oauth.Credential;
import dev.gatehouse.client.oauth.OAuthFailure;
import dev.gatehouse.mcp.api.Anonymous;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.Notifier;
import dev.gatehouse.mcp.bearer.AuthServerUnavailableException;
import dev.gatehouse.mcp.bearer.InvalidTokenException;
import dev.gatehouse.mcp.bearer.TokenValidator;
import dev.gatehouse.mcp.bearer.VerifiedToken;
import io.vertx.core.Future;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The only caller of a stdio server: the user of the access token in the environment, else of the login that this user has stored. The
 * token is verified at each call.
 */
final class ProcessCaller implements Supplier<Future<Caller>> {

    static final String VARIABLE = "MCP_ACCESS_TOKEN";

    /** A call during a sign-in waits for its end, so that a client that repeats the call at once does not ask its user again and again. */
    private static final long SIGN_IN_MILLIS = 10_000;

    private final String token;
    private final ResourceServerOptions options;
    private final Supplier<TokenValidator> makeValidator;
    private final Supplier<StoredLogin> makeLogin;
    private final Runnable beforeVerification;
    private TokenValidator validator;
    private StoredLogin login;

    /**
     * @param token         null or blank for none
     * @param makeValidator called at the first call, because an HTTP client takes time to load
     * @param makeLogin     called at the first call without a token
     * @param beforeVerification runs whenever there is a token to verify
     */
    ProcessCaller(String token, ResourceServerOptions options, Supplier<TokenValidator> makeValidator, Supplier<StoredLogin> makeLogin,
                  Runnable beforeVerification) {
        this.token = token == null || token.isBlank() ? null : token.strip();
        this.options = options;
        this.makeValidator = makeValidator;
        this.makeLogin = makeLogin;
        this.beforeVerification = beforeVerification;
    }

    @Override
    public Future<Caller> get() {
        return token != null ? verified(token, null).recover(failure -> refused(failure, new Anonymous(invalid(failure) + renewal())))
            : login().credential().compose(this::afterSignIn).compose(this::signedIn).recover(this::unavailable);
    }

    private Future<Caller> verified(String accessToken, String keyThumbprint) {
        beforeVerification.run();
        return validator().verifyOwn(accessToken, keyThumbprint).map(VerifiedToken::principal);
    }

    private Future<Optional<Credential>> afterSignIn(Optional<Credential> stored) {
        Optional<Future<Credential>> signIn = stored.isPresent() ? Optional.empty() : login().underWay();
        return signIn.isEmpty() ? Future.succeededFuture(stored)
            : signIn.get().timeout(SIGN_IN_MILLIS, TimeUnit.MILLISECONDS).map(Optional::of).otherwise(Optional.empty());
    }

    private Future<Caller> signedIn(Optional<Credential> stored) {
        return stored.isEmpty() ? signedOut("no login is stored") : verified(stored.get()).recover(failure -> failure instanceof InvalidTokenException
            ? login().instead(stored.get()).compose(renewed -> renewed.isEmpty() ? signedOut("the stored login has ended") : verified(renewed.get()))
                .recover(again -> again instanceof InvalidTokenException ? signedOut("the stored login is not valid here") : Future.failedFuture(again))
            : Future.failedFuture(failure));
    }

    private Future<Caller> verified(Credential credential) {
        return verified(credential.tokens().accessToken(), credential.dpop() == null ? null : credential.dpop().thumbprint());
    }

    private Future<Caller> signedOut(String reason) {
        return Future.succeededFuture(new Anonymous("Authentication required: " + reason + ". " + remedy(), this::beginSignIn));
    }

    private Future<InputRequest> beginSignIn(Notifier notifier) {
        String id = UUID.randomUUID().toString();
        return login().signIn().map(begun -> {
            begun.done().onSuccess(credential -> notifier.elicitationComplete(id));
            return InputRequest.elicitationUrl("Sign in at " + options.authServer() + " to use " + options.resource(), begun.page().toString(), id);
        });
    }

    private synchronized TokenValidator validator() {
        if (validator == null) {
            validator = makeValidator.get();
        }
        return validator;
    }

    private synchronized StoredLogin login() {
        if (login == null) {
            login = makeLogin.get();
        }
        return login;
    }

    private Future<Caller> refused(Throwable failure, Anonymous invalid) {
        return failure instanceof InvalidTokenException ? Future.succeededFuture(invalid) : unavailable(failure);
    }

    private static String invalid(Throwable failure) {
        return "Authentication required: " + failure.getMessage() + ". ";
    }

    private Future<Caller> unavailable(Throwable failure) {
        if (failure instanceof AuthServerUnavailableException) {
            return Future.succeededFuture(new Anonymous("Authentication required, but the access token cannot be verified now. "
                + failure.getMessage() + ". Check that it runs and that --auth-server is its URL, and call again."));
        }
        if (failure instanceof CallException || failure instanceof OAuthFailure) {
            return Future.succeededFuture(new Anonymous("Authentication required, but the stored login cannot be refreshed now. "
                + failure.getMessage() + ". Call again; if it does not help: " + remedy()));
        }
        return Future.failedFuture(failure);
    }

    private String remedy() {
        return "Sign in with this command, and call again: " + login(options) + ". Or set " + tokenInEnvironment();
    }

    private String renewal() {
        return "Set " + tokenInEnvironment() + ". Or remove the variable, and sign in: " + login(options);
    }

    private String tokenInEnvironment() {
        return VARIABLE + " in the environment of this server (\"env\" in mcp_config.json) to an access token of "
            + options.authServer() + " for the resource " + options.resource()
            + ", and start it again. This command prints a token for the demo user: ./gatehouse token --auth-server "
            + options.authServer() + " --resource " + options.resource();
    }

    private static String login(ResourceServerOptions options) {
        return System.getProperty("gatehouse.command", "gatehouse") + " login " + options.resource() + " --auth-server " + options.authServer();
    }
}
