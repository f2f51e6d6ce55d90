package dev.gatehouse.authz.mail;

import dev.gatehouse.authz.mail.OutboxStore.WaitingMail;
import dev.gatehouse.shared.metric.Meters;
import dev.gatehouse.shared.metric.Meters.Counter;
import dev.gatehouse.shared.metric.Meters.Gauge;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Sends mails in the background, from the store. A mail that is added is sent, also after a crash, or reported as given up. No response waits
 * for the mail server, so none shows whether there was a mail to send.
 */
public final class Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final long POLL_MILLIS = 2_000;
    /** Longer than the slowest attempt. After a crash another attempt begins then. */
    private static final long LEASE_MILLIS = 600_000;
    private static final long FIRST_DELAY_MILLIS = 30_000;
    private static final long LONGEST_DELAY_MILLIS = 3_600_000;
    private static final int MOST_ATTEMPTS = 20;
    private static final long STOP_SECONDS = 5;

    private final Vertx vertx;
    private final OutboxStore store;
    private final Mailer mailer;
    private final Clock clock;
    private final Counter sent;
    private final Counter repeated;
    private final Counter givenUp;
    private final Gauge waiting;
    private final AtomicInteger workers = new AtomicInteger();
    private final Promise<Void> idle = Promise.promise();
    private volatile long length;
    private volatile boolean stopped;

    /** @param mailer null if the server sends no mail */
    private Outbox(Vertx vertx, OutboxStore store, Mailer mailer, Clock clock) {
        this.vertx = vertx;
        this.store = store;
        this.mailer = mailer;
        this.clock = clock;
        Meters meters = Meters.of(vertx);
        String attempts = "Attempts to send a mail, by their result: sent, to be repeated, or given up.";
        sent = meters.counter("gatehouse.mails", attempts, "result", "sent");
        repeated = meters.counter("gatehouse.mails", attempts, "result", "repeated");
        givenUp = meters.counter("gatehouse.mails", attempts, "result", "given_up");
        waiting = meters.gauge("gatehouse.mails.waiting", "Mails that the mail server has not taken yet.", () -> length);
    }

    /**
     * Starts sending.
     *
     * @param file resolves files of the configuration
     * @param trustFile further authorities of certificates, or null
     */
    public static Future<Outbox> start(Vertx vertx, MailOptions options, OutboxStore store, Function<String, Path> file, Path trustFile, Clock clock) {
        return options.isOn() ? Mailer.open(vertx, options, file, trustFile).map(mailer -> new Outbox(vertx, store, mailer, clock).polling())
            : Future.succeededFuture(new Outbox(vertx, store, null, clock));
    }

    private Outbox polling() {
        vertx.setTimer(POLL_MILLIS, timer -> {
            if (!stopped) {
                poll().onFailure(Outbox::report).onComplete(done -> polling());
            }
        });
        return this;
    }

    /** Finds mails whose time has come, also those of another node that crashed. */
    private Future<Void> poll() {
        long now = clock.millis();
        return store.counts(now).compose(counts -> {
            length = counts.waiting() - counts.expired();
            if (counts.due() > 0) {
                wake();
            }
            return counts.expired() == 0 ? Future.succeededFuture() : store.expire(now).onSuccess(this::reportExpired).mapEmpty();
        });
    }

    private void reportExpired(int mails) {
        for (int i = 0; i < mails; i++) {
            givenUp.increment();
            LOG.error("A mail was given up: it could not be sent in time");
        }
    }

    /** Returns whether the server sends mail. */
    public boolean isOn() {
        return mailer != null;
    }

    /** Adds a mail. The future completes when the mail is durable; it is sent later. Does nothing if the server sends no mail. */
    public Future<Void> add(Mail mail) {
        return isOn() ? store.add(mail, clock.millis()).onSuccess(added -> wake()) : Future.succeededFuture();
    }

    private void wake() {
        if (!stopped && workers.getAndUpdate(running -> running < Mailer.CONNECTIONS ? running + 1 : running) < Mailer.CONNECTIONS) {
            work().onFailure(Outbox::report).onComplete(done -> {
                if (workers.decrementAndGet() == 0 && stopped) {
                    idle.tryComplete();
                }
            });
        }
    }

    private Future<Void> work() {
        long now = clock.millis();
        return stopped ? Future.succeededFuture() : store.claim(now, now + LEASE_MILLIS)
            .compose(next -> next.isEmpty() ? Future.succeededFuture() : attempt(next.get()).compose(done -> work()));
    }

    private Future<Void> attempt(WaitingMail waiting) {
        return mailer.send(waiting.mail(), waiting.id()).transform(result -> {
            if (result.succeeded()) {
                sent.increment();
                return store.remove(waiting.id());
            }
            return failed(waiting, result.cause());
        });
    }

    private Future<Void> failed(WaitingMail waiting, Throwable failure) {
        if (Mailer.isFinal(failure) || waiting.attempts() >= MOST_ATTEMPTS) {
            givenUp.increment();
            LOG.error("A mail was given up ({}, attempt {}): {}", waiting.mail().subject(), waiting.attempts(), Mailer.reason(failure));
            return store.remove(waiting.id());
        }
        repeated.increment();
        long delay = delayMillis(waiting.attempts());
        LOG.warn("A mail was not sent ({}, attempt {}), next attempt in {} s: {}", waiting.mail().subject(), waiting.attempts(), delay / 1000, Mailer.reason(failure));
        return store.postpone(waiting.id(), clock.millis() + delay);
    }

    /** The pause after an attempt that failed: half a minute, then four times as long each time, up to an hour. */
    static long delayMillis(int attempts) {
        return Math.min(LONGEST_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(2 * (attempts - 1), MOST_ATTEMPTS));
    }

    private static void report(Throwable failure) {
        LOG.warn("Cannot read the mails that wait: {}", failure.getMessage());
    }

    /** Begins no further attempt, waits a few seconds for those that run, and closes the connections. */
    public Future<Void> stop() {
        stopped = true;
        waiting.close();
        if (!isOn()) {
            return Future.succeededFuture();
        }
        if (workers.get() == 0) {
            idle.tryComplete();
        }
        return idle.future().timeout(STOP_SECONDS, TimeUnit.SECONDS).transform(done -> mailer.close());
    }
}
