package dev.gatehouse.shared.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeldMemoryTest {

    private static final int LARGE = 100_000;

    private final HeldMemory memory = new HeldMemory(10 * LARGE);

    @Test
    void oneOwnerHoldsNoMoreThanHalfAndLeavesTheRestToOthers() {
        HeldMemory.Share[] shares = new HeldMemory.Share[7];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = memory.share("greedy");
            assertThat(shares[i].take(LARGE)).as("share %d", i).isEqualTo(i < 5);
        }
        assertThat(memory.share("other").take(LARGE)).isTrue();
        assertThat(memory.held()).isEqualTo(6 * LARGE);
        shares[0].release();
        shares[0].release();
        assertThat(memory.held()).isEqualTo(5 * LARGE);
        assertThat(shares[6].take(LARGE)).isTrue();
    }

    @Test
    void smallRequestsAreServedWhileLargeOnesFillTheRest() {
        for (int i = 0; i < 10; i++) {
            assertThat(memory.share("owner " + i % 5).take(LARGE)).isTrue();
        }
        assertThat(memory.share("late").take(LARGE)).isFalse();
        assertThat(memory.share("late").take(1_000)).isTrue();
        HeldMemory.Share growing = memory.share("late");
        assertThat(growing.take(60_000)).isTrue();
        assertThat(growing.take(60_000)).as("no longer small").isFalse();
    }

    @Test
    void whatIsThereAlreadyIsHeldAndPresses() {
        HeldMemory.Share unread = memory.share("slow");
        unread.hold(6 * LARGE);
        assertThat(unread.isPressing()).isTrue();
        unread.giveBack(2 * LARGE);
        assertThat(unread.isPressing()).isFalse();
        HeldMemory.Share next = unread.handOver();
        unread.release();
        assertThat(memory.held()).isEqualTo(4 * LARGE);
        next.release();
        assertThat(memory.held()).isZero();
    }
}
