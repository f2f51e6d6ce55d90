package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.authorize.AuthorizationRequest;
import dev.gatehouse.authz.authorize.ResponseMode;
import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.authz.token.AuthorizationCodeStore;
import dev.gatehouse.authz.token.AuthorizationCodeStore.AuthorizationCode;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.Locale;
import java.util.Optional;

/** Stores interactions. */
public final class InteractionStore {

    private static final String INSERT = """
        INSERT INTO interaction (interaction_hash, browser_hash, request, fresh_login, fresh_consent, state, sub, expires_at,
                                 pushed_hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;
    private static final String FIND = """
        SELECT interaction_hash, browser_hash, request, fresh_login, fresh_consent, state, sub, expires_at,
               pushed_hash
        FROM interaction WHERE interaction_hash = $1
        """;

    private static final String FINISH = """
        UPDATE interaction SET state = 'finished' WHERE interaction_hash = $1 AND state <> 'finished' RETURNING pushed_hash
        """;
    private static final String CONSUME_PUSHED =
        "UPDATE pushed_request SET consumed_at = $1 WHERE request_hash = $2 AND consumed_at IS NULL";

    private final Database database;

    public InteractionStore(Database database) {
        this.database = database;
    }

    public Future<Void> begin(Interaction interaction) {
        return database.write(statements -> statements.update(INSERT, interaction.hash(), interaction.browserHash(),
            write(interaction.request()), interaction.freshLogin() ? 1L : 0L, interaction.freshConsent() ? 1L : 0L,
            interaction.state().name().toLowerCase(Locale.ROOT), interaction.authenticatedSub(),
            interaction.expiresAt(), interaction.request().pushedHash())).mapEmpty();
    }

    public Future<Optional<Interaction>> find(String hash) {
        return database.read(FIND, hash).map(rows -> rows.stream().findFirst().map(InteractionStore::interaction));
    }

    /** Finishes an interaction without a grant. Returns false if it was already finished or is gone. */
    public Future<Boolean> finish(String hash, long at) {
        return database.write(statements -> finish(statements, hash, at));
    }

    /**
     * Ends an interaction with a code, in one transaction: a form that is sent twice yields one code.
     *
     * @return false, storing nothing, when the interaction was finished already or its client is gone
     */
    public Future<Boolean> approve(String hash, AuthorizationCode code) {
        return database.write(statements -> finish(statements, hash, code.createdAt())
            .compose(finished -> finished ? AuthorizationCodeStore.insert(statements, code) : Future.succeededFuture(false)));
    }

    /** Also ends the pushed request of the interaction. Returns false when another interaction has answered that request. */
    private static Future<Boolean> finish(Statements statements, String hash, long at) {
        return statements.query(FINISH, hash).compose(rows -> {
            if (rows.isEmpty()) {
                return Future.succeededFuture(false);
            }
            String pushed = rows.get(0).text("pushed_hash");
            return pushed == null ? Future.succeededFuture(true)
                : statements.update(CONSUME_PUSHED, at, pushed).map(consumed -> consumed > 0);
        });
    }

    private static Interaction interaction(SqlRow row) {
        return new Interaction(row.text("interaction_hash"), row.text("browser_hash"), read(row.text("request"), row.text("pushed_hash")),
            row.number("fresh_login") != 0, row.number("fresh_consent") != 0,
            Interaction.State.valueOf(row.text("state").toUpperCase(Locale.ROOT)), row.text("sub"),
            row.number("expires_at"));
    }

    private static String write(AuthorizationRequest request) {
        return new JsonObject().put("clientId", request.clientId()).put("redirectUri", request.redirectUri())
            .put("state", request.state()).put("scopes", request.scopes().toString())
            .put("resources", SpaceSeparated.write(request.resources())).put("codeChallenge", request.codeChallenge())
            .put("nonce", request.nonce()).put("loginHint", request.loginHint()).put("subHint", request.subHint())
            .put("dpopJkt", request.dpopJkt()).put("acrValues", SpaceSeparated.write(request.acrValues())).put("responseMode", request.responseMode().wireName())
            .encode();
    }

    private static AuthorizationRequest read(String text, String pushedHash) {
        JsonObject json = new JsonObject(text);
        return new AuthorizationRequest(json.getString("clientId"), json.getString("redirectUri"), json.getString("state"),
            Scopes.parse(json.getString("scopes")), SpaceSeparated.read(json.getString("resources")),
            json.getString("codeChallenge"), json.getString("nonce"), json.getString("loginHint"), json.getString("subHint"),
            json.getString("dpopJkt"), SpaceSeparated.read(json.getString("acrValues", "")), ResponseMode.named(json.getString("responseMode")).orElse(ResponseMode.QUERY), pushedHash);
    }
}
