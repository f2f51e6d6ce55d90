package dev.gatehouse.authz.page;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.authz.DemoAccount;
import dev.gatehouse.authz.authorize.AuthorizationResponse.Delivery;
import dev.gatehouse.authz.client.ValidatedRedirect;
import dev.gatehouse.shared.http.JsonResponse;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.text.VisibleText;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.templ.pebble.PebbleTemplateEngine;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Renders pages, the only place that does, and guards each with the headers of OAuth 2.1 §7.11. */
public final class Pages {

    private static final List<String> TEMPLATES = List.of("login", "consent", "code", "formpost", "message", "return", "account", "device", "deviceconsent", "logout", "home");

    /** Of every text on a page. Values that a form or a link sends back name the strategy html in the template. */
    private static final String VISIBLE = "visible";

    private final PebbleTemplateEngine engine;
    private final Assets assets;
    /** The demo account that the demo profile shows on its pages; empty in production. */
    private final Map<String, String> demo;

    private Pages(PebbleTemplateEngine engine, Assets assets, boolean demo) {
        this.engine = engine;
        this.assets = assets;
        this.demo = demo ? Map.of("username", DemoAccount.USERNAME, "password", DemoAccount.PASSWORD, "client", DemoAccount.CLIENT_ID,
            "secret", DemoAccount.CLIENT_SECRET) : Map.of();
    }

    /** Reads and compiles the templates, so that no request ever waits for a file. */
    public static Future<Pages> load(Vertx vertx, AuthzOptions options) {
        return vertx.executeBlocking(() -> {
            ClasspathLoader loader = new ClasspathLoader(Pages.class.getClassLoader());
            loader.setPrefix("templates");
            PebbleEngine pebble = new PebbleEngine.Builder().loader(loader).strictVariables(true).autoEscaping(true)
                .addEscapingStrategy(VISIBLE, Pages::visible).defaultEscapingStrategy(VISIBLE).build();
            PebbleTemplateEngine engine = PebbleTemplateEngine.create(vertx, "html", pebble);
            TEMPLATES.forEach(name -> pebble.getTemplate(name + ".html"));
            return new Pages(engine, new Assets(options.basePath()), options.isDemo());
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

    /** Sends a page that leads nowhere but to this server. */
    public Future<Void> send(RoutingContext context, int status, Object page) {
        return send(context, status, page, "'self'");
    }

    /** Sends a page whose form ends at a client. */
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
        return engine.render(model, name(page))
            .compose(html -> send(context.response(), status, html, scripts + "form-action " + formTargets));
    }

    private static Future<Void> send(HttpServerResponse response, int status, Buffer html, String directives) {
        return guard(response).setStatusCode(status)
            .putHeader("Content-Type", "text/html;charset=UTF-8")
            .putHeader("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self' data:; "
                + directives + "; frame-ancestors 'none'; base-uri 'none'")
            .end(html);
    }

    /** Sends the browser to a client with the answer. */
    public Future<Void> deliver(RoutingContext context, Delivery delivery, ValidatedRedirect redirect) {
        return delivery.isPosted() ? send(context, 200, FormPostPage.of(delivery, redirect), redirect) : redirect(context, delivery.address());
    }

    /** Sends the browser elsewhere, by GET whatever it came with (RFC 9700 §4.12). */
    public static Future<Void> redirect(RoutingContext context, String location) {
        return guard(context.response()).setStatusCode(303).putHeader("Location", location).end();
    }

    /** Sends a refusal to a program that takes no page, in the form of RFC 6749 §5.2. */
    public static Future<Void> sendJson(RoutingContext context, int status, OAuthException refusal) {
        return JsonResponse.sendPrivate(guard(context.response()), status,
            new JsonObject().put("error", refusal.code().wireName()).put("error_description", refusal.description()));
    }

    private static HttpServerResponse guard(HttpServerResponse response) {
        return response.putHeader("Cache-Control", "no-store")
            .putHeader("X-Frame-Options", "DENY")
            .putHeader("X-Content-Type-Options", "nosniff")
            .putHeader("Referrer-Policy", "no-referrer")
            .putHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    }

    /**
     * What {@code form-action} has to allow. Chromium applies it to every redirect behind a form: from ours to the
     * client, and from the client's callback to wherever that leads, which is why naming the callback alone breaks
     * clients. So any https address and any port of this machine may follow, a scheme of the client's own only for that
     * client, and plain http elsewhere never.
     */
    private static String formTargets(ValidatedRedirect redirect) {
        String targets = "'self' https: http://localhost:* http://127.0.0.1:*";
        if (redirect.isPrivateUse()) {
            return targets + " " + redirect.scheme() + ":";
        }
        if (!redirect.isLoopback()) {
            return targets;
        }
        // A source list has no way to write an IPv6 address.
        String own = redirect.host().startsWith("[") ? " http:" : " http://" + redirect.host() + ":*";
        return targets.endsWith(own) || redirect.host().equals("localhost") ? targets : targets + own;
    }

    private static String name(Object page) {
        String name = page.getClass().getSimpleName();
        return name.substring(0, name.length() - "Page".length()).toLowerCase(Locale.ROOT);
    }

    /**
     * Shows a code to be pasted into the application. The state is not shown: a pasted text cannot be forged into another
     * browser's session the way a link can, and PKCE ties the code to the application that asked.
     *
     * @param seconds how long the code is good for
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
