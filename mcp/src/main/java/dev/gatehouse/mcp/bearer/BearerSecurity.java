package dev.gatehouse.mcp.bearer;

import dev.gatehouse.mcp.api.CallPolicy.StepUp;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.bearer.BearerHandler.Credential;
import dev.gatehouse.mcp.transport.RequestSecurity;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.util.LinkedHashSet;
import java.util.Set;

/** Answers the transports' questions about requests that a {@link BearerHandler} let pass. */
public final class BearerSecurity implements RequestSecurity {

    private final TokenValidator validator;
    private final ProtectedResource resource;
    private final BearerRefusals refusals;

    /**
     * Creates the security of a transport.
     *
     * @param validator validates tokens
     * @param resource the protected resource
     */
    public BearerSecurity(TokenValidator validator, ProtectedResource resource) {
        this.validator = validator;
        this.resource = resource;
        this.refusals = new BearerRefusals(resource);
    }

    @Override
    public String realm() {
        return resource.id() + " " + resource.authServer();
    }

    @Override
    public String publicPath(String mountPoint) {
        return resource.publicPath(mountPoint);
    }

    @Override
    public Principal principal(RoutingContext context) {
        return BearerHandler.credential(context).verified().principal();
    }

    @Override
    public void insufficientScope(RoutingContext context, Set<String> needed) {
        Set<String> granted = principal(context).scopes();
        Set<String> named = new LinkedHashSet<>(resource.scopes());
        named.removeIf(scope -> !granted.contains(scope) && !needed.contains(scope));
        named.addAll(needed);
        refusals.insufficientScope(context, BearerHandler.credential(context).presented().scheme(), named);
    }

    @Override
    public void insufficientAuthentication(RoutingContext context, StepUp needed) {
        refusals.insufficientAuthentication(context, BearerHandler.credential(context).presented().scheme(), needed);
    }

    @Override
    public Object credential(RoutingContext context) {
        return SecretToken.hash(BearerHandler.credential(context).presented().text());
    }

    @Override
    public Future<Validity> validity(RoutingContext context) {
        Credential credential = BearerHandler.credential(context);
        return validator.revalidate(credential.presented().text());
    }
}
