package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.federation.UpstreamTokenRequests.UpstreamTokens;
import dev.gatehouse.authz.federation.UpstreamHttp.Call;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads a person by GitHub's API. GitHub issues no ID token: the code, which PKCE binds to this login, and the connection to GitHub's
 * host prove the origin of the response.
 */
final class GitHubLogin {

    private final ProviderOptions options;
    private final UpstreamHttp http;

    GitHubLogin(ProviderOptions options, UpstreamHttp http) {
        this.options = options;
        this.http = http;
    }

    Future<UpstreamPerson> person(UpstreamTokens tokens) {
        String authorization = "Bearer " + tokens.access();
        PagedList lists = new PagedList(http, options, authorization);
        String api = options.apiUrl();
        return http.send(Call.get(api + "/user", authorization, options.timeoutSeconds() * 1000)).map(GitHubLogin::user)
            .compose(user -> lists.read(api + "/user/emails?per_page=100")
                .compose(emails -> lists.read(api + "/user/orgs?per_page=100")
                    .compose(organizations -> lists.read(api + "/user/teams?per_page=100")
                        .map(teams -> person(user, emails, organizations, teams)))));
    }

    /** A token that the person or GitHub has revoked gets 401. */
    private static JsonObject user(UpstreamHttp.Response response) {
        if (response.status() == 401 || response.status() == 403) {
            throw new UpstreamException(UpstreamFault.REJECTED, "user: status " + response.status());
        }
        JsonObject user = response.requireOk().object();
        if (!(user.getValue("id") instanceof Number)) {
            throw new UpstreamException(UpstreamFault.INVALID_RESPONSE, "user: no id");
        }
        return user;
    }

    /** The identity is the number: a login name can be given up and registered by another person. */
    private UpstreamPerson person(JsonObject user, List<JsonObject> emails, List<JsonObject> organizations, List<JsonObject> teams) {
        JsonObject primary = emails.stream().filter(email -> Boolean.TRUE.equals(email.getValue("primary"))).findFirst().orElse(new JsonObject());
        String email = primary.getValue("email") instanceof String text ? text.toLowerCase(Locale.ROOT) : null;
        List<String> names = organizations.stream().map(each -> lower(each, "login")).filter(name -> !name.isEmpty()).toList();
        List<String> groups = new ArrayList<>(names);
        teams.forEach(team -> groups.add(lower(team.getJsonObject("organization", new JsonObject()), "login") + "/" + lower(team, "slug")));
        String name = user.getValue("name") instanceof String text && !text.isBlank() ? text : lower(user, "login");
        String number = String.valueOf(((Number) user.getValue("id")).longValue());
        boolean verified = Boolean.TRUE.equals(primary.getValue("verified"));
        JsonObject claims = new JsonObject().put("sub", number).put("preferred_username", user.getValue("login")).put("email", email);
        return new UpstreamPerson(new ExternalIdentity(options.issuer(), "", number), name, email, verified, groups, names, null, null, List.of(),
            PersonClaims.provisionedAs(options, claims, verified));
    }

    private static String lower(JsonObject json, String name) {
        return json.getValue(name) instanceof String text ? text.toLowerCase(Locale.ROOT) : "";
    }
}
