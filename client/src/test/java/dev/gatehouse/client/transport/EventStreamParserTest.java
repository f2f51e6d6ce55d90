package dev.gatehouse.client.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.client.transport.EventStreamParser.Event;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

final class EventStreamParserTest {

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void readsEventsOfAnyLineEndByteByByte(String end) {
        String stream = String.join(end, "\uFEFFevent: endpoint", "data: /messages?ü", "", ": comment", "id: 7", "data: one", "data:two", "", "");
        EventStreamParser parser = new EventStreamParser();
        List<Event> events = new ArrayList<>();
        for (byte b : stream.getBytes(StandardCharsets.UTF_8)) {
            events.addAll(parser.feed(Buffer.buffer(new byte[] {b})));
        }
        assertThat(events).containsExactly(new Event(null, "endpoint", "/messages?ü"), new Event("7", "message", "one\ntwo"));
    }

    @Test
    void anEventWithoutDataGivesTheIdAndTheDelayOfAReconnection() {
        EventStreamParser parser = new EventStreamParser();
        assertThat(parser.feed(Buffer.buffer("id: e1\nretry: 500\ndata: \n\n"))).isEmpty();
        assertThat(parser.lastId()).isEqualTo("e1");
        assertThat(parser.retryMillis()).isEqualTo(500);
    }

    @Test
    void anEndlessEventIsRefused() {
        EventStreamParser parser = new EventStreamParser();
        Buffer chunk = Buffer.buffer("data: " + "x".repeat(1 << 20) + "\n");
        assertThatThrownBy(() -> {
            for (int i = 0; i < 20; i++) {
                parser.feed(chunk);
            }
        }).isInstanceOf(CallFailure.class);
    }
}
