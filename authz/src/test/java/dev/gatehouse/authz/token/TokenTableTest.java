package dev.gatehouse.authz.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.token.SharedClaims.RecentValues;
import dev.gatehouse.shared.oauth.Scopes;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

class TokenTableTest {

    private static final int MANY = 70_000;
    private final RecentValues recent = new RecentValues();

    @Test
    void tableHasWhatAMapHasAfterTheSameRandomChanges() {
        TokenTable table = new TokenTable(100_000);
        Map<TokenKey, IndexedToken> map = new HashMap<>();
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            TokenKey key = key(random.nextInt(10_000));
            if (random.nextInt(3) == 0) {
                table.remove(key);
                map.remove(key);
            } else {
                IndexedToken token = token(key, i);
                table.put(key, token);
                map.put(key, token);
            }
        }
        assertThat(table.size()).isEqualTo(map.size());
        IntStream.range(0, 10_000).mapToObj(TokenTableTest::key).forEach(key -> assertThat(table.get(key)).isEqualTo(map.get(key)));
        table.clear();
        assertThat(table.size()).isZero();
        IntStream.range(0, 10_000).mapToObj(TokenTableTest::key).forEach(key -> assertThat(table.get(key)).isNull());
    }

    @Test
    void tableHoldsAsManyTokensAsItsBoundAndKeepsThoseThatAreFound() {
        for (int most : new int[] {1, 100, MANY}) {
            TokenTable table = new TokenTable(most);
            int found = most / 4;
            for (int i = 0; i < most * 3; i++) {
                table.put(key(i), token(key(i), i));
                if (i % 2 == 0 && found > 0) {
                    table.get(key(i / 2 % found));
                }
                assertThat(i > 1000 || table.size() <= most).isTrue();
            }
            assertThat(table.size()).isBetween(most - most / 100, most);
            assertThat(table.get(key(most * 3 - 1))).as("the newest").isEqualTo(token(key(most * 3 - 1), most * 3 - 1));
            long kept = IntStream.range(0, found).filter(i -> table.get(key(i)) != null).count();
            assertThat(kept).as("those found again and again").isEqualTo(found);
        }
    }

    @Test
    void confirmationCountsOnlyForTheReadThatItIsAbout() {
        TokenTable table = new TokenTable(10);
        IndexedToken read = token(key(1), 5);
        table.put(key(1), read);
        table.confirm(read, 6);
        assertThat(table.get(key(1)).generation()).isEqualTo(6);
        table.confirm(read, 9);
        assertThat(table.get(key(1)).generation()).as("the table has generation 6 by now").isEqualTo(6);
        table.remove(key(1));
        table.confirm(read, 6);
        assertThat(table.get(key(1))).isNull();
    }

    @Test
    void tokensWithEqualClaimsShareThem() {
        assertThat(token(key(1), 1).claims()).isSameAs(token(key(2), 2).claims()).isNotSameAs(token(key(3), 1000).claims());
    }

    @Test
    void threadsSeeWholeTokensOnly() throws Exception {
        TokenTable table = new TokenTable(1_000);
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Integer>> work = IntStream.range(0, threads).mapToObj(seed -> pool.submit(() -> change(table, new Random(seed)))).toList();
            int hits = 0;
            for (Future<Integer> each : work) {
                hits += each.get();
            }
            assertThat(hits).isPositive();
            assertThat(table.size()).isPositive().isLessThanOrEqualTo(1_000);
        } finally {
            pool.shutdownNow();
        }
    }

    /** Each thread puts, finds and removes the same tokens. A found token has the values of its number. */
    private int change(TokenTable table, Random random) {
        int hits = 0;
        for (int i = 0; i < MANY; i++) {
            int number = random.nextInt(3_000);
            TokenKey key = key(number);
            IndexedToken found = table.get(key);
            if (found != null) {
                hits++;
                assertThat(found).isEqualTo(token(key, number));
            }
            if (random.nextInt(4) == 0) {
                table.remove(key);
            } else {
                table.put(key, token(key, number));
            }
        }
        return hits;
    }

    private static TokenKey key(int number) {
        return TokenKey.ofToken("token " + number);
    }

    private IndexedToken token(TokenKey key, int number) {
        AccessToken token = new AccessToken(key.hash(), "grant", "client", "user " + number / 1000, Scopes.of("a"), List.of("http://localhost/mcp"), 0, 1, null);
        return new IndexedToken(key, SharedClaims.of(token, "{".getBytes(StandardCharsets.UTF_8), Set.of(), recent), number, number + 1L, number);
    }
}
