package dev.gatehouse.shared.dpop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.secret.MasterKey;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

class DpopNoncesTest {

    private static final long PERIOD = DpopNonces.PERIOD.toMillis();
    private final AtomicLong now = new AtomicLong(1_000 * PERIOD);
    private final DpopNonces nonces = nonces(0);

    @Test
    void nonceLivesThroughThePeriodAfterItsOwnAndNoLonger() {
        String first = nonces.current();
        now.addAndGet(PERIOD);
        assertThat(nonces.current()).isNotEqualTo(first);
        now.addAndGet(PERIOD - 1);
        assertThat(nonces.isLive(first)).isTrue();
        now.addAndGet(1);
        assertThat(nonces.isLive(first)).isFalse();
    }

    @Test
    void everyProcessWithTheKeyKnowsTheSameNonces() {
        assertThat(nonces(0).isLive(nonces.current())).isTrue();
        assertThat(nonces(1).isLive(nonces.current())).isFalse();
        assertThat(nonces.isLive("")).isFalse();
    }

    @Test
    void clockThatIsSetBackRevivesNoNonce() {
        String old = nonces.current();
        now.addAndGet(3 * PERIOD);
        String later = nonces.current();
        now.addAndGet(-3 * PERIOD);
        assertThat(nonces.isLive(old)).isFalse();
        assertThat(nonces.isLive(later)).isTrue();
    }

    private DpopNonces nonces(int key) {
        byte[] material = new byte[32];
        material[0] = (byte) key;
        return new DpopNonces(new MasterKey(material).keyedHash("nonces"), new SetClock());
    }

    private final class SetClock extends Clock {

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(now.get());
        }
    }
}
