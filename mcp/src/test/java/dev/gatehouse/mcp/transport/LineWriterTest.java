package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.jsonrpc.MessageCodec;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A host that does not read. */
@Timeout(30)
class LineWriterTest {

    private static final int LIMIT = 100_000;

    private final CountDownLatch reads = new CountDownLatch(1);
    private final AtomicInteger lines = new AtomicInteger();
    private final LineWriter writer = new LineWriter(new OutputStream() {
        @Override
        public void write(int end) {
            lines.incrementAndGet();
        }

        @Override
        public void write(byte[] line) {
            try {
                reads.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }, new MessageCodec(32), LIMIT);

    private Future<Void> tell() {
        return writer.send(new JSONRPCNotification("2.0", "notifications/message", Map.of("data", "x".repeat(1_000))));
    }

    @Test
    void whatIsSaidUnaskedIsRefusedBeyondTheLimitAndAnswersAreNot() throws Exception {
        writer.start();
        for (int i = 0; i < LIMIT / 1_000; i++) {
            tell();
        }
        assertThatThrownBy(() -> Waiting.on(tell())).isInstanceOf(LineWriter.HostDoesNotRead.class);
        Future<Void> answer = writer.send(JSONRPCResponse.result(1, Map.of("text", "an answer")));
        assertThat(answer.isComplete()).isFalse();

        reads.countDown();
        Waiting.on(answer);
        writer.awaitRoom();
        Waiting.on(tell());
        assertThat(lines.get()).isLessThanOrEqualTo(LIMIT / 1_000 + 2);
    }

    @Test
    void nothingMoreIsReadUntilThereIsRoom() throws Exception {
        writer.start();
        for (int i = 0; i < 200; i++) {
            tell();
        }
        Thread reader = new Thread(() -> {
            try {
                writer.awaitRoom();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        reader.start();
        Eventually.holds(() -> reader.getState() == Thread.State.WAITING);
        reads.countDown();
        reader.join();
    }
}
