package dev.gatehouse.client.doctor;

import dev.gatehouse.shared.flight.Exchange;
import dev.gatehouse.shared.http.MediaTypes;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Event streams: whether something between the server and this client holds events back. */
final class StreamChecks {

    private static final Set<String> READERS = Set.of("claude-web", "claude-code", "chatgpt", "vscode", "cursor", "codex", "gemini-cli", "inspector", "mcp-remote");

    static final List<Check> ALL = List.of(
        new Check("stream-unbuffered", "Events arrive when they are sent", "HTML Living Standard §9.2.7; MCP 2025-11-25, Streamable HTTP", READERS,
            "Turn off buffering and compression of event streams in each proxy: for nginx proxy_http_version 1.1, proxy_buffering off and no gzip of text/event-stream. "
                + "Let the server send X-Accel-Buffering: no, and send the head of a stream at once.", StreamChecks::unbuffered));

    private StreamChecks() {
    }

    private static Outcome unbuffered(Evidence evidence) {
        List<Exchange> tried = Stream.of(Step.STREAM, Step.LISTEN, Step.SSE).map(evidence::all).flatMap(List::stream).toList();
        if (tried.isEmpty()) {
            return Check.NOT_REACHED;
        }
        List<String> held = tried.stream().map(each -> held(evidence, each)).flatMap(Optional::stream).toList();
        boolean streams = tried.stream().anyMatch(StreamChecks::isStream);
        return held.isEmpty() && !streams ? Outcome.skipped("the server offers no event stream") : Outcome.when(held.isEmpty(), String.join("; ", held) + proxy(evidence));
    }

    private static boolean isStream(Exchange answer) {
        return answer.status() == 200 && answer.mediaType().equals(MediaTypes.EVENT_STREAM);
    }

    /** The event that has to come at once and did not; empty when all came. */
    private static Optional<String> held(Evidence evidence, Exchange stream) {
        List<String> came = stream.body().lines().toList();
        String name = stream.method() + " " + stream.url();
        if (stream.failure().equals(StreamWalk.SILENT)) {
            return Optional.of(name + ": " + StreamWalk.SILENT + ", not even the head");
        }
        if (!isStream(stream)) {
            return Optional.empty();
        }
        if (stream.step().equals(Step.LISTEN)) {
            return came.contains(StreamWalk.ACKNOWLEDGED) ? Optional.empty() : Optional.of(name + ": no acknowledgement of the subscription came in time");
        }
        boolean answerAwaited = came.contains(StreamWalk.ENDPOINT) && evidence.first(Step.SSE_MESSAGE).filter(message -> message.status() / 100 == 2).isPresent();
        return answerAwaited && !came.contains(StreamWalk.ANSWER) ? Optional.of(name + ": the answer to a message that was taken did not come in time") : Optional.empty();
    }

    /** The software that says it is in between. */
    private static String proxy(Evidence evidence) {
        String names = evidence.exchanges().stream().flatMap(each -> Stream.of(each.header("via"), each.header("server"))).filter(name -> !name.isEmpty()).distinct()
            .limit(3).collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : " (answers come by " + names + ")";
    }
}
