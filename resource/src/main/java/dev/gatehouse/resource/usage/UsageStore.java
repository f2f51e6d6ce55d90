package dev.gatehouse.resource.usage;

import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.resource.usage.UsageMeter.UsageQuota;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.time.YearMonth;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Stores monthly counters that several processes add to. */
public final class UsageStore {

    private static final String ADD = """
        INSERT INTO api_usage (owner, month, requests, tokens_in, tokens_out) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (owner, month) DO UPDATE SET requests = api_usage.requests + excluded.requests,
            tokens_in = api_usage.tokens_in + excluded.tokens_in, tokens_out = api_usage.tokens_out + excluded.tokens_out
        RETURNING requests, tokens_in, tokens_out""";
    private static final String RESERVE = """
        INSERT INTO api_usage (owner, month, requests, tokens_in, tokens_out) VALUES ($1, $2, 1, 0, 0)
        ON CONFLICT (owner, month) DO UPDATE SET requests = api_usage.requests + 1
        WHERE api_usage.requests < $3 AND api_usage.tokens_in + api_usage.tokens_out < $4
        RETURNING requests, tokens_in, tokens_out""";
    private static final String FIND = "SELECT requests, tokens_in, tokens_out FROM api_usage WHERE owner = $1 AND month = $2";

    private final Database database;

    /** The user and the month of a counter. The user's key is a hash, computed only for storage. */
    record Key(String issuer, String subject, YearMonth month) implements Comparable<Key> {

        private static final Comparator<Key> ORDER = Comparator.comparing(Key::issuer).thenComparing(Key::subject).thenComparing(Key::month);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }

        private String owner() {
            return Principal.userKey(issuer, subject);
        }
    }

    public UsageStore(Database database) {
        this.database = database;
    }

    /** Adds to several counters in one transaction. Returns the new totals, which include the additions of all processes. */
    Future<Map<Key, UsageTotals>> add(Map<Key, UsageTotals> additions) {
        return database.write(statements -> {
            Future<Map<Key, UsageTotals>> done = Future.succeededFuture(new LinkedHashMap<>());
            // In one order, so that two processes do not wait for each other.
            for (Map.Entry<Key, UsageTotals> addition : new TreeMap<>(additions).entrySet()) {
                done = done.compose(totals -> add(statements, addition.getKey(), addition.getValue())
                    .map(total -> {
                        totals.put(addition.getKey(), total);
                        return totals;
                    }));
            }
            return done;
        });
    }

    private static Future<UsageTotals> add(Statements statements, Key key, UsageTotals more) {
        return statements.query(ADD, key.owner(), key.month().toString(), more.requests(), more.tokensIn(), more.tokensOut())
            .map(rows -> totals(rows.get(0)));
    }

    /** Adds a request if the stored totals, which all processes share, are below the quota. Returns the new totals; empty if they are not below it. */
    Future<Optional<UsageTotals>> reserve(Key key, UsageQuota quota) {
        return database.write(statements -> statements.query(RESERVE, key.owner(), key.month().toString(), quota.requestsPerMonth(), quota.tokensPerMonth()))
            .map(rows -> rows.stream().findFirst().map(UsageStore::totals));
    }

    Future<UsageTotals> find(Key key) {
        return database.read(FIND, key.owner(), key.month().toString()).map(UsageStore::first);
    }

    private static UsageTotals first(List<SqlRow> rows) {
        return rows.isEmpty() ? UsageTotals.NONE : totals(rows.get(0));
    }

    private static UsageTotals totals(SqlRow row) {
        return new UsageTotals(row.number("requests"), row.number("tokens_in"), row.number("tokens_out"));
    }

    /**
     * The usage of one user in one month.
     *
     * @param requests  tool calls and resource reads
     * @param tokensIn  estimated tokens of the arguments
     * @param tokensOut estimated tokens of the results
     */
    record UsageTotals(long requests, long tokensIn, long tokensOut) {

        static final UsageTotals NONE = new UsageTotals(0, 0, 0);

        UsageTotals plus(UsageTotals more) {
            return new UsageTotals(requests + more.requests, tokensIn + more.tokensIn, tokensOut + more.tokensOut);
        }

        /** Tokens in and out together. */
        public long tokens() {
            return tokensIn + tokensOut;
        }

        boolean isNone() {
            return requests == 0 && tokensIn == 0 && tokensOut == 0;
        }
    }
}
