package dev.gatehouse.shared.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.shared.json.StrictJson.MalformedJson;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

final class StrictJsonTest {

    private static JsonObject parse(String text) {
        return StrictJson.object(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"exp\":1e999}", "{\"a\":[1,{\"b\":-1e400}]}", "{\"a\":1,\"a\":2}", "{} {}", "[1]", "{\"a\":NaN}", "{\"a\":01}", "", "{\"a\":1"})
    void whatHasNoSingleMeaningIsMalformed(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(MalformedJson.class);
    }

    @Test
    void largeNumbersKeepTheirValues() {
        JsonObject object = parse("{\"exp\":1.5e308,\"list\":[1,{\"b\":-1e300}],\"n\":null,\"iat\":9007199254740993}");
        assertThat(object.getDouble("exp")).isEqualTo(1.5e308);
        assertThat(object.getLong("iat")).isEqualTo(9_007_199_254_740_993L);
        assertThat(object.getJsonArray("list").getJsonObject(1).getDouble("b")).isEqualTo(-1e300);
    }
}
