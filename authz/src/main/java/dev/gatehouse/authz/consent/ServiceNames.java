package dev.gatehouse.authz.consent;

import com.github.benmanes.caffeine.cache.Cache;
import dev.gatehouse.authz.scope.ResourcePolicy.ResourceOptions;
import dev.gatehouse.authz.scope.ResourcePolicy;
import dev.gatehouse.shared.cache.Caches;
import dev.gatehouse.shared.oauth.Issuer;
import dev.gatehouse.shared.oauth.ResourceId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The display names of resources: the configured name, else {@code resource_name} of the resource's metadata (RFC 9728 §2), else
 * the host, or the whole identifier of a resource without a URL. A page waits only briefly for a name. Thread-safe.
 */
public final class ServiceNames {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceNames.class);
    private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";
    private static final int MOST_RESOURCES = 1_000;
    private static final int LONGEST_NAME = 60;
    private static final long WAIT_MILLIS = 400;
    private static final long KEPT_MILLIS = Duration.ofMinutes(10).toMillis();
    private static final long MISS_KEPT_MILLIS = Duration.ofMinutes(1).toMillis();

    private final Map<String, String> configured = new HashMap<>();
    private final Function<URI, Future<JsonObject>> fetch;
    private final Clock clock;
    private final Cache<String, Known> known = Caches.builder().maximumSize(MOST_RESOURCES).build();

    /** A resource on a page. */
    public record Service(String name, String url) {
    }

    private record Known(String name, long until) {
    }

    /**
     * @param resources the resources with configured names
     * @param fetch fetches a JSON document and decides which addresses are allowed
     */
    public ServiceNames(Issuer issuer, List<ResourceOptions> resources, Function<URI, Future<JsonObject>> fetch, Clock clock) {
        configured.put(new ResourceId(issuer.url(ResourcePolicy.USERINFO_PATH)).value(), "Your account at this server");
        resources.stream().filter(each -> each.name() != null).forEach(each -> configured.put(each.resource().value(), each.name()));
        this.fetch = fetch;
        this.clock = clock;
    }

    /** Returns the names in order. @param resources identifiers of resources that this server serves */
    public Future<List<Service>> of(List<String> resources) {
        Future<List<Service>> all = Future.succeededFuture(new ArrayList<>());
        for (String resource : resources) {
            all = all.compose(before -> name(resource).onSuccess(name -> before.add(new Service(name, resource))).map(before));
        }
        return all;
    }

    private Future<String> name(String resource) {
        String chosen = configured.get(resource);
        Known last = known.getIfPresent(resource);
        if (chosen != null || last != null && clock.millis() < last.until()) {
            return Future.succeededFuture(chosen != null ? chosen : last.name());
        }
        if (!new ResourceId(resource).isUrl()) {
            return Future.succeededFuture(resource);
        }
        String host = URI.create(resource).getRawAuthority();
        // Stored before the response, so that a slow resource is fetched once.
        known.put(resource, new Known(host, clock.millis() + MISS_KEPT_MILLIS));
        return fetch.apply(URI.create(metadataUrl(resource))).map(document -> ownName(resource, document))
            .onSuccess(name -> known.put(resource, new Known(name, clock.millis() + KEPT_MILLIS)))
            .timeout(WAIT_MILLIS, TimeUnit.MILLISECONDS)
            .otherwise(failure -> {
                LOG.debug("No name of {}: {}", resource, failure.toString());
                return host;
            });
    }

    /** RFC 9728 §3.3: a document of another resource must not be used. */
    private static String ownName(String resource, JsonObject document) {
        if (!resource.equals(document.getValue("resource")) || !(document.getValue("resource_name") instanceof String name) || name.isBlank()) {
            throw new IllegalArgumentException("no name in its metadata");
        }
        return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name;
    }

    private static String metadataUrl(String resource) {
        URI uri = URI.create(resource);
        String path = uri.getRawPath() == null || uri.getRawPath().equals("/") ? "" : uri.getRawPath();
        return uri.getScheme() + "://" + uri.getRawAuthority() + WELL_KNOWN + path;
    }
}
