package dev.gatehouse.shared.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.fetch.AddressRules.LiteralAddress;
import dev.gatehouse.shared.fetch.SafeFetcher.FetchOptions;
import dev.gatehouse.shared.fetch.SafeFetcher.FetchRequest;
import dev.gatehouse.shared.fetch.SafeFetcher.FetchResponse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A socket listens on every address of this machine and gets no connection. No connection to another address is opened. */
class NoPacketTest {

    private static final List<String> SPECIAL = List.of("127.0.0.1", "127.0.0.2", "127.255.255.254", "0.0.0.0", "0.0.0.1", "10.0.0.1",
        "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.8", "192.0.2.1",
        "198.18.0.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1",
        "2002:7f00:1::1", "2002:a00:1::", "2001:0:7f00:1::1", "2001:db8::1", "3fff::1", "fc00::1", "fd00::1", "fe80::1", "fec0::1",
        "ff02::1", "100::1");
    private static final List<String> LITERALS = List.of("127.0.0.1", "127.1", "127.0.1", "0177.0.0.1", "0177.1", "0x7f.0.0.1",
        "0x7f.1", "0x7f000001", "2130706433", "017700000001", "0", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "localhost", "foo.localhost", "127.0.0.1.");

    private final Vertx vertx = Vertx.vertx();
    private final RawServer listener = RawServer.saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    private final Map<String, List<InetAddress>> names = new ConcurrentHashMap<>();
    private final AtomicInteger lookups = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();

    @AfterEach
    void close() throws Exception {
        listener.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private SafeFetcher fetcher() {
        return fetcher(FetchOptions.DEFAULT);
    }

    private SafeFetcher fetcher(FetchOptions options) {
        return new SafeFetcher(vertx, options, counting(SafeFetcher.client(vertx, options, null)), this::look, AddressRules::isPublic);
    }

    /** The very client, with a count of what is asked of it. */
    private HttpClient counting(HttpClient client) {
        return (HttpClient) Proxy.newProxyInstance(HttpClient.class.getClassLoader(), new Class<?>[] {HttpClient.class}, (proxy, method, arguments) -> {
            if (method.getName().equals("request")) {
                begun.incrementAndGet();
            }
            return method.invoke(client, arguments);
        });
    }

    private Future<List<InetAddress>> look(String host) {
        lookups.incrementAndGet();
        return Future.succeededFuture(names.get(host));
    }

    private FetchException.Reason reason(SafeFetcher fetcher, String host) throws Exception {
        Throwable failure = outcome(fetcher, "https://" + host + ":" + listener.port() + "/client.json").cause();
        return ((FetchException) failure).reason();
    }

    private static Future<FetchResponse> outcome(SafeFetcher fetcher, String url) throws Exception {
        Future<FetchResponse> fetched = fetcher.fetch(FetchRequest.document(url, 5_000));
        fetched.<Void>mapEmpty().otherwiseEmpty().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        return fetched;
    }

    @Test
    void nameOfASpecialAddressCausesNoPacket() throws Exception {
        SafeFetcher fetcher = fetcher();
        for (String address : SPECIAL) {
            names.put("bad.example.com", List.of(LiteralAddress.parse(address)));
            assertThat(reason(fetcher, "bad.example.com")).as(address).isEqualTo(FetchException.Reason.REFUSED);
        }
        assertThat(lookups.get()).as("one lookup for each").isEqualTo(SPECIAL.size());
        assertNobodyKnocked();
    }

    @Test
    void ownAddressesOfThisMachineCauseNoPacket() throws Exception {
        SafeFetcher fetcher = fetcher();
        for (InetAddress address : ownAddresses()) {
            names.put("me.example.com", List.of(address));
            assertThat(reason(fetcher, "me.example.com")).as(address.toString()).isEqualTo(FetchException.Reason.REFUSED);
        }
        assertNobodyKnocked();
    }

    @Test
    void literalAddressInAnySpellingCausesNeitherLookupNorPacket() throws Exception {
        SafeFetcher fetcher = fetcher();
        for (String host : LITERALS) {
            assertThat(reason(fetcher, host)).as(host).isEqualTo(FetchException.Reason.REFUSED);
        }
        assertThat(lookups.get()).isZero();
        assertNobodyKnocked();
    }

    @Test
    void oneBadAddressAmongGoodOnesSpeaksAgainstTheName() throws Exception {
        SafeFetcher fetcher = fetcher();
        InetAddress good = LiteralAddress.parse("8.8.8.8");
        for (String bad : SPECIAL) {
            InetAddress address = LiteralAddress.parse(bad);
            for (List<InetAddress> mixed : List.of(List.of(good, address), List.of(address, good))) {
                names.put("mixed.example.com", mixed);
                assertThat(reason(fetcher, "mixed.example.com")).as(bad).isEqualTo(FetchException.Reason.REFUSED);
            }
        }
        assertNobodyKnocked();
    }

    @Test
    void modeForTryingOutLetsNoNameLeadHere() throws Exception {
        SafeFetcher fetcher = fetcher(FetchOptions.DEFAULT.withLoopbackAllowed(true));
        names.put("me.example.com", List.of(LiteralAddress.parse("127.0.0.1")));
        names.put("localhost", List.of(LiteralAddress.parse("127.0.0.1"), LiteralAddress.parse("10.0.0.1")));
        assertThat(reason(fetcher, "me.example.com")).isEqualTo(FetchException.Reason.REFUSED);
        assertThat(reason(fetcher, "localhost")).isEqualTo(FetchException.Reason.REFUSED);
        assertNobodyKnocked();
        names.put("localhost", List.of(LiteralAddress.parse("127.0.0.1")));
        assertThat(outcome(fetcher, "http://localhost:" + listener.port() + "/c").result().body()).hasToString("{}");
        assertThat(listener.called()).as("the listener does hear who knocks").hasSize(1);
        assertThat(begun.get()).as("and the count counts").isEqualTo(1);
    }

    private void assertNobodyKnocked() {
        assertThat(listener.called()).isEmpty();
        assertThat(begun.get()).isZero();
    }

    private static List<InetAddress> ownAddresses() throws SocketException {
        List<InetAddress> all = new ArrayList<>();
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            all.addAll(each.inetAddresses().filter(address -> !AddressRules.isPublic(address)).toList());
        }
        return Stream.concat(all.stream(), Stream.of(InetAddress.getLoopbackAddress())).toList();
    }
}
