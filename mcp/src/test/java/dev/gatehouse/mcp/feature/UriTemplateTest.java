package dev.gatehouse.mcp.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

class UriTemplateTest {

    @ParameterizedTest
    @CsvSource({"user://notes/{id},user://notes/7,{id=7}", "user://notes/{id},user://notes/a%20b%2Fc,{id=a b/c}",
        "user://notes/{id},user://notes/1+1,{id=1+1}", "user://notes/{id},user://notes/%C3%A9,{id=é}", "user://notes/{id},user://notes/é,{id=é}", "file:///{+path},file:///a/b/c.txt,{path=a/b/c.txt}",
        "repo://{owner}/{name}/{+path},repo://ann/tool/src/main.c,'{name=tool, owner=ann, path=src/main.c}'",
        "x://{+path}/info,x://a/info/b/info,{path=a/info/b}", "x://{a}-{b}/{a},x://1-2/1,'{a=1, b=2}'", "x://plain,x://plain,{}"})
    void theVariablesAreTheUrisParts(String template, String uri, String values) {
        assertThat(new UriTemplate(template).match(uri).map(TreeMap::new).orElseThrow().toString()).isEqualTo(values);
    }

    @ParameterizedTest
    @CsvSource({"user://notes/{id},user://notes/", "user://notes/{id},user://notes/1/2", "user://notes/{id},user://note/1",
        "file:///{+path},file:///", "x://{a}-{b}/{a},x://1-2/3", "x://{a},x://%zz", "x://{a},x://%ff", "x://{a},x://%c3", "x://{a},x://%C0%AE", "x://{a},x://%ED%A0%80", "x://{+path}/info,x://a/b"})
    void anotherUriDoesNotMatch(String template, String uri) {
        assertThat(new UriTemplate(template).match(uri)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x://{?query}", "x://{/path}", "x://{path*}", "x://{a,b}", "x://{}", "x://{name:3}"})
    void whatIsNotSupportedIsSaidWhenTheTemplateIsMade(String template) {
        assertThatThrownBy(() -> new UriTemplate(template)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(template);
    }

    @Test
    void aUriMadeToTakeLongTakesNoTime() {
        UriTemplate template = new UriTemplate("{+a}/{+b}/{+c}/{+d}/{+e}!");
        Assertions.assertTimeout(Duration.ofSeconds(2), () -> assertThat(template.match("/".repeat(2_048))).isEmpty());
        assertThat(new UriTemplate("{+a}").match("x".repeat(2_049))).isEmpty();
        assertThat(new UriTemplate("{+a}").match("x")).contains(Map.of("a", "x"));
    }
}
