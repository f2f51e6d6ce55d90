package dev.gatehouse.shared.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.gatehouse.shared.json.StrictJson.MalformedJson;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

final class StrictJsonTest {

    private static JsonObject parse(String text) {
        return StrictJson.object(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"exp\":1e999}", "{\"a\":[1,{\"b\":-1e400}]}", "{\"a\":1,\"a\":2}", "{} {}", "[1]", "{\"a\":NaN}", "{\"a\":01}", "", "{\"a\":1"})
    void whatHasNoSingleMeaningIsMalformed(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(MalformedJson.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
    void otherEncodingsAreMalformed(String encoding) {
        String text = "{\"a\":\"\u00e9\"}";
        assertThatThrownBy(() -> StrictJson.object(text.getBytes(Charset.forName(encoding)))).isInstanceOf(MalformedJson.class);
        assertThat(StrictJson.object(text.getBytes(StandardCharsets.UTF_8)).getString("a")).isEqualTo("\u00e9");
        assertThat(parse("\ufeff" + text).getString("a")).as("with a byte order mark").isEqualTo("\u00e9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7b000000220000002200002e3a000000ffff7900", "0000007b00000079ff", "7b22c3", "7b2261223a22ff227d", "efbb"})
    void bytesThatAreNoUtf8AreMalformed(String hex) {
        assertThatThrownBy(() -> StrictJson.object(HexFormat.of().parseHex(hex))).isInstanceOf(MalformedJson.class);
        assertThatThrownBy(() -> StrictJson.located(HexFormat.of().parseHex(hex))).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void largeNumbersKeepTheirValues() {
        JsonObject object = parse("{\"exp\":1.5e308,\"list\":[1,{\"b\":-1e300}],\"n\":null,\"iat\":9007199254740993}");
        assertThat(object.getDouble("exp")).isEqualTo(1.5e308);
        assertThat(object.getLong("iat")).isEqualTo(9_007_199_254_740_993L);
        assertThat(object.getJsonArray("list").getJsonObject(1).getDouble("b")).isEqualTo(-1e300);
    }
}
