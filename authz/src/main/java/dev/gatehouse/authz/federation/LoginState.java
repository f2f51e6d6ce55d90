package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.authz.scope.LoginLevel;
import dev.gatehouse.authz.session.LoginPlace;
import dev.gatehouse.shared.secret.Sealer;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonObject;

/**
 * The secrets of a login on its way. The store holds them encrypted, bound to the state, which only the browser and the provider know.
 *
 * @param level the level that the login must have, or null
 * @param startedAt epoch milliseconds
 */
record LoginState(String nonce, String verifier, LoginPlace place, LoginLevel level, long startedAt) {

    static LoginState create(LoginPlace place, LoginLevel level, long now) {
        return new LoginState(SecretToken.generate(""), SecretToken.generate(""), place, level, now);
    }

    byte[] seal(Sealer sealer, String stateHash) {
        return sealer.seal(new JsonObject().put("nonce", nonce).put("verifier", verifier).put("browser", place.browserHash())
            .put("interaction", place.interactionHash()).put("client", place.clientId()).put("fresh", place.fresh()).put("again", place.again())
            .put("onward", place.onward()).put("acrValues", SpaceSeparated.write(place.acrValues())).put("linkTo", place.linkTo()).put("level", level).put("startedAt", startedAt)
            .encode(), stateHash);
    }

    static LoginState open(Sealer sealer, byte[] sealed, String stateHash) {
        JsonObject json = new JsonObject(sealer.open(sealed, stateHash));
        return new LoginState(json.getString("nonce"), json.getString("verifier"), new LoginPlace(json.getString("browser"),
            json.getString("interaction"), json.getString("client"), json.getBoolean("fresh"), json.getString("again"), json.getString("onward"),
            SpaceSeparated.read(json.getString("acrValues", "")), json.getString("linkTo")),
            json.getString("level") != null ? LoginLevel.valueOf(json.getString("level")) : null, json.getLong("startedAt"));
    }

    @Override
    public String toString() {
        return "LoginState[…]";
    }
}
