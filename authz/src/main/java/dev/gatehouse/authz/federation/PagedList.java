package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.federation.UpstreamHttp.Call;
import dev.gatehouse.authz.federation.UpstreamHttp.Response;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a list of an API page by page: of GitHub with links in a header, of Microsoft Graph with a link in the document. */
final class PagedList {

    private static final int MOST_PAGES = 10;
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>;\\s*rel=\"next\"");

    private final UpstreamHttp http;
    private final ProviderOptions options;
    private final String authorization;

    PagedList(UpstreamHttp http, ProviderOptions options, String authorization) {
        this.http = http;
        this.options = options;
        this.authorization = authorization;
    }

    Future<List<JsonObject>> read(String url) {
        return read(url, new ArrayList<>(), 1);
    }

    private Future<List<JsonObject>> read(String url, List<JsonObject> before, int page) {
        return http.send(Call.get(url, authorization, options.timeoutSeconds() * 1000)).map(Response::requireOk).compose(response -> {
            JsonObject document = response.body().toString().stripLeading().startsWith("{") ? response.object() : null;
            JsonArray entries = document == null ? response.array() : document.getJsonArray("value", new JsonArray());
            entries.stream().filter(JsonObject.class::isInstance).forEach(entry -> before.add((JsonObject) entry));
            String next = document == null ? link(response) : document.getString("@odata.nextLink");
            return next == null || page == MOST_PAGES || before.size() >= PersonClaims.MOST_GROUPS ? Future.succeededFuture(before)
                : read(requireOwn(next), before, page + 1);
        });
    }

    private static String link(Response response) {
        String header = response.headers().get("Link");
        Matcher next = NEXT.matcher(header == null ? "" : header);
        return next.find() ? next.group(1) : null;
    }

    /** The token must not go to another server. */
    private String requireOwn(String url) {
        if (!url.startsWith(options.apiUrl() + "/")) {
            throw new UpstreamException(UpstreamFault.INVALID_RESPONSE, "a further page at another server");
        }
        return url;
    }
}
