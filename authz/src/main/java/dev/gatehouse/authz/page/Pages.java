package dev.gatehouse.authz.page;

import dev.gatehouse.authz.client.ValidatedRedirect;
import dev.gatehouse.authz.page.PageModel.FormPostPage;
import dev.gatehouse.shared.http.JsonResponse;
import dev.gatehouse.shared.oauth.Issuer;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.text.VisibleText;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.templ.pebble.PebbleTemplateEngine;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Renders all pages and adds the headers of OAuth 2.1 §7.11. */
public final class Pages {

    /** Templates that others extend or include. */
    static final List<String> PARTS = List.of("layout", "currentpassword", "newpasswordfields", "enrolmentsteps");

    /** The default escaping strategy. Values that a form or a link sends back use the strategy html in the template. */
    private static final String VISIBLE = "visible";

    private static final String ANY_SERVER = "'self' https: http://localhost:* http://127.0.0.1:*";

    private final Vertx vertx;
    private final PebbleEngine pebble;
    private final PebbleTemplateEngine engine;
    /** The templates of which the engine has the compiled form. */
    private final Set<String> compiled = ConcurrentHashMap.newKeySet();
    private final Assets assets;
    /** The demo account that the demo profile shows on its pages; empty in production. */
    private final Map<String, String> demo;
    private final boolean providers;

    private Pages(Vertx vertx, PebbleEngine pebble, Assets assets, Map<String, String> demo, boolean providers) {
        this.vertx = vertx;
        this.providers = providers;
        this.pebble = pebble;
        this.engine = PebbleTemplateEngine.create(vertx, "html", pebble);
        this.assets = assets;
        this.demo = Map.copyOf(demo);
    }

    /**
     * Loads the assets. Each template is compiled at its first use, because all take a tenth of a start.
     *
     * @param demo the demo account that pages show; empty in production
     * @param providers whether there are identity providers
     */
    public static Future<Pages> load(Vertx vertx, Issuer issuer, Map<String, String> demo, boolean providers) {
        return vertx.executeBlocking(() -> {
            ClasspathLoader loader = new ClasspathLoader(Pages.class.getClassLoader());
            loader.setPrefix("templates");
            PebbleEngine pebble = new PebbleEngine.Builder().loader(loader).strictVariables(true).autoEscaping(true)
                .addEscapingStrategy(VISIBLE, Pages::visible).defaultEscapingStrategy(VISIBLE).build();
            return new Pages(vertx, pebble, new Assets(issuer.basePath()), demo, providers);
        });
    }

    private static String visible(String text) {
        return VisibleText.of(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }

    private boolean isDemo() {
        return !demo.isEmpty();
    }

    public Assets assets() {
        return assets;
    }

    /** Sends a page whose forms post only to this server. */
    public Future<Void> send(RoutingContext context, int status, Object page) {
        return send(context, status, page, "'self'");
    }

    /**
     * Sends a page whose form may lead to an identity provider, if there is one. The provider may redirect to further servers of its
     * own, and Chromium applies {@code form-action} to each redirect, so that any https URL is allowed.
     */
    public Future<Void> sendLeaving(RoutingContext context, int status, Object page) {
        return send(context, status, page, providers ? ANY_SERVER : "'self'");
    }

    /** Sends a page whose form may lead to a redirect to the client. */
    public Future<Void> send(RoutingContext context, int status, Object page, ValidatedRedirect redirect) {
        return send(context, status, page, formTargets(redirect));
    }

    private Future<Void> send(RoutingContext context, int status, Object page, String formTargets) {
        if (isDemo() && page instanceof PageModel.Source source && PageModel.isRequested(context.request().getHeader("Accept"))) {
            return guard(context.response()).setStatusCode(status).putHeader("Content-Type", PageModel.MEDIA_TYPE)
                .end(source.model().json().toBuffer());
        }
        Map<String, Object> model = new HashMap<>();
        model.put("page", page);
        model.put("demo", demo);
        model.put("stylesheet", assets.stylesheet());
        model.put("icon", assets.icon());
        model.put("script", assets.script(name(page)));
        String scripts = assets.script(name(page)).isEmpty() ? "" : "script-src 'self'; ";
        return compile(name(page)).compose(ready -> engine.render(model, name(page)))
            .compose(html -> send(context.response(), status, html, scripts + "form-action " + formTargets));
    }

    /** Compiles a template off the event loop, and the parts, which rendering would compile on it. */
    private Future<Void> compile(String name) {
        return compiled.contains(name) ? Future.succeededFuture() : vertx.executeBlocking(() -> {
            PARTS.forEach(part -> pebble.getTemplate(part + ".html"));
            pebble.getTemplate(name + ".html");
            compiled.add(name);
            return null;
        }, false);
    }

    private static Future<Void> send(HttpServerResponse response, int status, Buffer html, String directives) {
        return guard(response).setStatusCode(status)
            .putHeader("Content-Type", "text/html;charset=UTF-8")
            .putHeader("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self' data:; "
                + directives + "; frame-ancestors 'none'; base-uri 'none'")
            .end(html);
    }

    /** Sends the authorization response to the client through the browser. */
    public Future<Void> deliver(RoutingContext context, Delivery delivery, ValidatedRedirect redirect) {
        return delivery.isPosted() ? send(context, 200, FormPostPage.of(delivery, redirect), redirect) : redirect(context, delivery.address());
    }

    /** Redirects the browser with 303, so that it uses GET (RFC 9700 §4.12). */
    public static Future<Void> redirect(RoutingContext context, String location) {
        return guard(context.response()).setStatusCode(303).putHeader("Location", location).end();
    }

    /** Sends an error as JSON to a program that does not accept HTML (RFC 6749 §5.2). */
    public static Future<Void> sendJson(RoutingContext context, int status, OAuthException refusal) {
        guard(context.response());
        return JsonResponse.sendError(context, status, refusal);
    }

    private static HttpServerResponse guard(HttpServerResponse response) {
        return response.putHeader("Cache-Control", "no-store")
            .putHeader("X-Frame-Options", "DENY")
            .putHeader("X-Content-Type-Options", "nosniff")
            .putHeader("Referrer-Policy", "no-referrer")
            .putHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    }

    /**
     * The sources for {@code form-action}. Chromium applies this directive to every redirect after a form: from this server to the
     * client, and from the client's callback to further URLs. Allowing only the callback would break clients. So any https URL and any
     * loopback port are allowed, and a private-use scheme only for its client; http on other hosts is never allowed.
     */
    private static String formTargets(ValidatedRedirect redirect) {
        String targets = ANY_SERVER;
        if (redirect.isPrivateUse()) {
            return targets + " " + redirect.scheme() + ":";
        }
        if (!redirect.isLoopback()) {
            return targets;
        }
        // A source list cannot contain an IPv6 address.
        String own = redirect.host().startsWith("[") ? " http:" : " http://" + redirect.host() + ":*";
        return targets.endsWith(own) || redirect.host().equals("localhost") ? targets : targets + own;
    }

    private static String name(Object page) {
        String name = page.getClass().getSimpleName();
        return name.substring(0, name.length() - "Page".length()).toLowerCase(Locale.ROOT);
    }

    /**
     * Shows a code for the user to paste into the application. The state is not shown: pasting cannot be forged into another
     * browser's session as a link can, and PKCE binds the code to the application that started the request.
     *
     * @param seconds the lifetime of the code
     */
    public record CodePage(String application, String code, long seconds) implements PageModel.Source {

        @Override
        public PageModel model() {
            return PageModel.text("code", title(), "", code);
        }

        public String title() {
            return "Your code";
        }

        public String life() {
            return Durations.inWords(seconds);
        }
    }
}
