package dev.gatehouse.authz.page;

import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The static files of the pages. Their names contain a hash of the content, so browsers may cache them without limit. */
public final class Assets {

    private static final int HASH_LENGTH = 16;

    private final List<Asset> served = new ArrayList<>();
    private final String basePath;
    private final Asset stylesheet;
    private final Asset icon;
    private final Map<String, Asset> scripts;

    /** @param path the path below the issuer's path */
    private record Asset(String path, String type, Buffer content) {
    }

    /**
     * Reads the files. Blocking.
     *
     * @param basePath the path before {@code /assets}
     */
    Assets(String basePath) {
        this.basePath = basePath;
        stylesheet = load("style/", "gatehouse", "css", "text/css;charset=UTF-8");
        icon = load("style/", "gate", "svg", "image/svg+xml");
        Asset passkey = load("assets/", "passkey", "js", "text/javascript;charset=UTF-8");
        Asset again = load("assets/", "again", "js", "text/javascript;charset=UTF-8");
        scripts = Map.of("code", load("assets/", "copy", "js", "text/javascript;charset=UTF-8"), "consent", again, "deviceconsent", again,
            "passkey", passkey, "passkeys", passkey, "factor", passkey, "newfactor", passkey,
            "formpost", load("assets/", "post", "js", "text/javascript;charset=UTF-8"));
    }

    private Asset load(String folder, String name, String extension, String type) {
        Buffer content = read(folder + name + "." + extension);
        String hash = SecretToken.encode(SecretToken.sha256(content.getBytes())).substring(0, HASH_LENGTH);
        Asset asset = new Asset("/assets/" + name + "-" + hash + "." + extension, type, content);
        served.add(asset);
        return asset;
    }

    private static Buffer read(String resource) {
        try (InputStream stream = Assets.class.getClassLoader().getResourceAsStream(resource)) {
            return Buffer.buffer(stream.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String stylesheet() {
        return basePath + stylesheet.path();
    }

    String icon() {
        return basePath + icon.path();
    }

    /** The script of a page; empty if it has none. Every page works without its script, but for passkeys. */
    String script(String page) {
        return scripts.containsKey(page) ? basePath + scripts.get(page).path() : "";
    }

    public void mount(Router router) {
        served.forEach(asset -> router.get(asset.path()).handler(context -> send(context, asset)));
    }

    private static void send(RoutingContext context, Asset asset) {
        context.response().putHeader("Content-Type", asset.type())
            .putHeader("Cache-Control", "public, max-age=31536000, immutable")
            .putHeader("X-Content-Type-Options", "nosniff")
            .end(asset.content());
    }
}
