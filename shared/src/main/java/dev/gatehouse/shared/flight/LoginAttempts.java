package dev.gatehouse.shared.flight;

import com.github.benmanes.caffeine.cache.Cache;
import dev.gatehouse.shared.cache.Caches;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.http.AuthorizationHeader;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.text.VisibleText;
import dev.gatehouse.shared.vertx.SharedPerVertx;
import dev.gatehouse.shared.vertx.SharedPerVertx.Lease;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The login attempts at the demo servers of a process, for the authors of clients: one line on the console for each that fails, and on request
 * one file for each. Requests never wait for it: it works on a context of its own, and counts what comes too fast and is left out.
 */
public final class LoginAttempts {

    private static final Logger LOG = LoggerFactory.getLogger(LoginAttempts.class);
    private static final int MOST_ATTEMPTS = 64;
    private static final int MOST_KEYS = 2_000;
    private static final int MOST_WAITING = 500;
    private static final int MOST_LINES = 20;
    private static final long LINES_MILLIS = 10_000;
    private static final long WRITE_MILLIS = 500;
    private static final Duration QUIET = Duration.ofMinutes(10);
    /** The cookie of a browser connects the pages of a login: their forms are not kept. */
    private static final Pattern BROWSER = Pattern.compile("gatehouse-browser[^=;]*=([^;,]+)");
    private static final String CLIENT = "client ";
    private static final int LONGEST_TEXT = 200;
    /** Parameters, members and headers whose values connect the requests of one attempt. */
    private static final List<String> LINKS = List.of("code", "refresh_token", "access_token", "device_code", "user_code", "request_uri", "interaction", "subject_token");

    private final Vertx vertx;
    private final Context context;
    private final Clock clock;
    private final String server;
    private final FlightFiles files;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger leftOut = new AtomicInteger();
    private final Map<String, Attempt> attempts = new LinkedHashMap<>();
    private final Map<String, Attempt> byKey = bounded(MOST_KEYS);
    /** The attempts that have arrived, by the hash of their token: servers look here after each call. */
    private final Cache<String, Attempt> arrivals = Caches.builder().maximumSize(MOST_KEYS).build();
    /** The client by its marks, by its identifier: its later attempts may have no mark. */
    private final Map<String, KnownClient.Sighting> clients = bounded(MOST_KEYS);
    private int lines;
    private int hidden;
    private long timer;

    private LoginAttempts(Vertx vertx, Clock clock, String server, FlightFiles files) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.clock = clock;
        this.server = server;
        this.files = files;
    }

    private static <T> Map<String, T> bounded(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
                return size() > most;
            }
        };
    }

    /**
     * Acquires the attempts of both servers in this process. Servers with another directory have attempts of their own.
     *
     * @param vertx the Vert.x instance
     * @param clock the time
     * @param server the URL of the MCP server, for records
     * @param directory the directory of the files; null to write none
     * @return fails with a {@link StartupException} if the directory cannot be created
     */
    public static Future<Lease<LoginAttempts>> acquire(Vertx vertx, Clock clock, String server, String directory) {
        return SharedPerVertx.acquire(vertx, "login attempts" + (directory == null ? "" : " in " + directory), () -> open(vertx, clock, server, directory), LoginAttempts::close);
    }

    private static Future<LoginAttempts> open(Vertx vertx, Clock clock, String server, String directory) {
        LoginAttempts attempts = new LoginAttempts(vertx, clock, server, directory == null ? null : new FlightFiles(Path.of(directory)));
        return directory == null ? Future.succeededFuture(attempts.begin())
            : vertx.executeBlocking(() -> {
                attempts.files.prepare();
                return attempts.begin();
            }).recover(failure -> Future.failedFuture(new StartupException("recordDirectory: " + failure.getMessage() + ". Name a directory that this user may write.", failure)));
    }

    private LoginAttempts begin() {
        if (files != null) {
            timer = vertx.setPeriodic(WRITE_MILLIS, tick -> context.runOnContext(run -> write()));
        }
        return this;
    }

    /**
     * {@return whether the login that led to a token has reached its aim} Safe for use from any thread.
     *
     * @param tokenHash the hash of an access token
     */
    boolean hasArrived(String tokenHash) {
        Attempt attempt = arrivals.getIfPresent(tokenHash);
        return attempt != null && attempt.hasArrived();
    }

    /**
     * Adds an exchange to its attempt. Returns at once; safe for use from any thread.
     *
     * @param exchange a request and its answer, with the step by its path
     * @param source the address of the sender
     * @param error the error code when the answer is a page; may be null
     * @param reason the reason of a refusal, from the request's log; may be null
     */
    void observe(Exchange exchange, String source, String error, String reason) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            leftOut.incrementAndGet();
            return;
        }
        context.runOnContext(run -> {
            waiting.decrementAndGet();
            add(exchange.as(ServedStep.of(exchange)), source, error, reason);
        });
    }

    private void add(Exchange exchange, String source, String error, String reason) {
        int missing = leftOut.getAndSet(0);
        if (missing > 0) {
            LOG.warn("{} requests of logins came too fast and were not recorded", missing);
        }
        Instant now = clock.instant();
        Decision decision = Decision.of(exchange, error, reason);
        Map<String, String> sent = parameters(exchange);
        List<String> links = links(exchange, sent);
        List<String> names = names(exchange, sent, source);
        Attempt attempt = find(exchange, links, names, now);
        attempt.add(exchange, decision, now);
        names.forEach(name -> attempt.isOf(clients.get(name)));
        attempt.client().filter(client -> !names.isEmpty()).ifPresent(client -> names.stream().filter(name -> name.startsWith(CLIENT)).forEach(name -> clients.put(name, client)));
        Stream.concat(links.stream(), names.stream()).forEach(key -> byKey.put(key, attempt));
        if (ServedStep.isArrival(exchange)) {
            arrivals.put(SecretToken.hash(token(exchange.requestHeader("authorization"))), attempt);
        }
        if (decision.isRefusal() && ServedStep.isAttempt(exchange) && attempt.isNew(decision)) {
            show(attempt, exchange, decision);
        }
    }

    private Attempt find(Exchange exchange, List<String> links, List<String> names, Instant now) {
        Optional<Attempt> linked = links.stream().map(byKey::get).filter(known -> known != null && attempts.containsKey(known.id())).findFirst();
        return linked.or(() -> names.stream().map(byKey::get).filter(known -> known != null && attempts.containsKey(known.id())
            && known.last().plus(QUIET).isAfter(now) && known.continuesWith(exchange)).findFirst()).orElseGet(() -> create(now));
    }

    private Attempt create(Instant now) {
        if (attempts.size() == MOST_ATTEMPTS) {
            write();
            attempts.remove(attempts.keySet().iterator().next());
        }
        String id = SecretToken.encode(SecretToken.randomBytes(6));
        Attempt attempt = new Attempt(id, now);
        attempts.put(id, attempt);
        return attempt;
    }

    /** Hashes of the values that only the requests of one attempt share. */
    private static List<String> links(Exchange exchange, Map<String, String> sent) {
        List<String> values = new ArrayList<>();
        Map<String, String> redirect = Exchange.query(exchange.header("location"));
        JsonObject answer = exchange.json().orElseGet(JsonObject::new);
        for (String name : LINKS) {
            Stream.of(sent.get(name), redirect.get(name), answer.getValue(name)).filter(String.class::isInstance).map(String.class::cast).forEach(values::add);
        }
        String authorization = exchange.requestHeader("authorization");
        if (exchange.step().startsWith("mcp.") || exchange.step().equals("userinfo")) {
            values.add(token(authorization));
        }
        return values.stream().filter(value -> !value.isEmpty()).map(LoginAttempts::key).distinct().toList();
    }

    private static String token(String authorization) {
        return AuthorizationHeader.parse(authorization).credentials();
    }

    private static String key(String value) {
        return "value " + SecretToken.hash(value);
    }

    /** The client by its identifier, the browser, or the program at an address. */
    private static List<String> names(Exchange exchange, Map<String, String> sent, String source) {
        List<String> names = new ArrayList<>();
        Stream.of(sent.get("client_id"), exchange.step().equals("registration") ? exchange.json().map(body -> body.getValue("client_id")).orElse(null) : null)
            .filter(String.class::isInstance).forEach(id -> names.add(CLIENT + id));
        if (exchange.step().startsWith(ServedStep.AUTHORIZE) || exchange.step().equals("device.page")) {
            BROWSER.matcher(exchange.requestHeader("cookie") + "; " + exchange.header("set-cookie")).results().forEach(found -> names.add("browser " + SecretToken.hash(found.group(1))));
        } else {
            names.add("program " + source + " " + exchange.requestHeader("user-agent"));
        }
        return names;
    }

    private static Map<String, String> parameters(Exchange exchange) {
        Map<String, String> parameters = new LinkedHashMap<>(exchange.query());
        parameters.putAll(exchange.form());
        return parameters;
    }

    private void show(Attempt attempt, Exchange exchange, Decision refusal) {
        if (lines == 0) {
            vertx.setTimer(LINES_MILLIS, over -> context.runOnContext(run -> reopen()));
        }
        if (++lines > MOST_LINES) {
            hidden++;
            return;
        }
        String name = attempt.client().flatMap(KnownClient.Sighting::loggedName).orElse(parameters(exchange).getOrDefault("client_id", "an unknown client"));
        String reason = refusal.reason().endsWith(".") ? refusal.reason().substring(0, refusal.reason().length() - 1) : refusal.reason();
        LOG.warn("Login of {} failed at {}: {}{}. {} ({})", VisibleText.name(name), refusal.step(), VisibleText.excerpt(refusal.error(), LONGEST_TEXT),
            reason.isEmpty() ? "" : ", " + VisibleText.excerpt(reason, LONGEST_TEXT), refusal.advice(), refusal.clause());
    }

    private void reopen() {
        if (hidden > 0) {
            LOG.warn("{} further failed requests of logins were not shown", hidden);
        }
        lines = 0;
        hidden = 0;
    }

    private Future<Void> write() {
        List<Attempt.Snapshot> changed = attempts.values().stream().filter(Attempt::takeChange).map(Attempt::snapshot).toList();
        return files == null || changed.isEmpty() ? Future.succeededFuture() : vertx.<Void>executeBlocking(() -> {
            changed.forEach(attempt -> files.write(attempt, server));
            return null;
        }).recover(failure -> {
            LOG.warn("A login attempt was not recorded: {}", failure instanceof UncheckedIOException ? failure.getMessage() + ": " + failure.getCause().getMessage()
                : failure.toString());
            return Future.succeededFuture();
        });
    }

    /** Writes what has not been written. */
    private Future<Void> close() {
        vertx.cancelTimer(timer);
        return Future.future(closed -> context.runOnContext(run -> write().onComplete(closed)));
    }
}
