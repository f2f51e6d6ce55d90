package dev.gatehouse.shared.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The class path has a cluster manager for {@code run … -cluster}, and a configuration that stays on this machine. */
@Tag("slow")
class ClusterTest {

    private final List<Vertx> nodes = new ArrayList<>();

    @Test
    void twoNodesFormAClusterOnLoopback() throws Exception {
        System.setProperty("hazelcast.logging.type", "slf4j");
        Vertx first = node();
        Vertx second = node();
        first.eventBus().<String>consumer("greet", message -> message.reply("hello " + message.body())).completion()
            .toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        Message<String> answer = second.eventBus().<String>request("greet", "neighbour")
            .toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertThat(answer.body()).isEqualTo("hello neighbour");
    }

    private Vertx node() throws Exception {
        Vertx node = Vertx.builder().buildClustered().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        nodes.add(node);
        return node;
    }

    @AfterEach
    void close() throws Exception {
        for (Vertx node : nodes) {
            node.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }
}
