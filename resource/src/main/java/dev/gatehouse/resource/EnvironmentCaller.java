package dev.gatehouse.resource;

import dev.gatehouse.mcp.api.Anonymous;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.bearer.AuthServerUnavailableException;
import dev.gatehouse.mcp.bearer.InvalidTokenException;
import dev.gatehouse.mcp.bearer.TokenValidator;
import dev.gatehouse.mcp.bearer.VerifiedToken;
import io.vertx.core.Future;

import java.util.function.Supplier;

/** The only caller of a stdio server: the user of its access token, verified at each call. */
final class EnvironmentCaller implements Supplier<Future<Caller>> {

    static final String VARIABLE = "MCP_ACCESS_TOKEN";

    private final String token;
    private final ResourceServerOptions options;
    private final Supplier<TokenValidator> makeValidator;
    private TokenValidator validator;

    /**
     * @param token         null or blank for none
     * @param makeValidator called at the first call, because an HTTP client takes time to load
     */
    EnvironmentCaller(String token, ResourceServerOptions options, Supplier<TokenValidator> makeValidator) {
        this.token = token == null || token.isBlank() ? null : token.strip();
        this.options = options;
        this.makeValidator = makeValidator;
    }

    boolean hasToken() {
        return token != null;
    }

    @Override
    public Future<Caller> get() {
        if (token == null) {
            return Future.succeededFuture(new Anonymous("Authentication required: this server was started without an access token. " + remedy()));
        }
        return validator().verify(token).map(VerifiedToken::principal).map(Caller.class::cast)
            .recover(this::explain);
    }

    private synchronized TokenValidator validator() {
        if (validator == null) {
            validator = makeValidator.get();
        }
        return validator;
    }

    private Future<Caller> explain(Throwable failure) {
        if (failure instanceof InvalidTokenException) {
            return Future.succeededFuture(new Anonymous("Authentication required: " + failure.getMessage() + ". " + remedy()));
        }
        if (failure instanceof AuthServerUnavailableException) {
            return Future.succeededFuture(new Anonymous("Authentication required, but the access token cannot be verified now. "
                + failure.getMessage() + ". Check that it runs and that --auth-server is its URL, and call again."));
        }
        return Future.failedFuture(failure);
    }

    private String remedy() {
        return "Set " + VARIABLE + " in the environment of this server (\"env\" in mcp_config.json) to an access token of "
            + options.authServer() + " for the resource " + options.resource()
            + ", and start it again. This command prints a token for the demo user: ./gatehouse token --auth-server "
            + options.authServer() + " --resource " + options.resource();
    }
}
