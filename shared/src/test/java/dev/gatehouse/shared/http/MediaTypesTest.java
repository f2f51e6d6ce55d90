package dev.gatehouse.shared.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MediaTypesTest {

    @Test
    void parametersAndCaseOfAContentTypeDoNotCount() {
        assertThat(MediaTypes.is("application/json", MediaTypes.JSON)).isTrue();
        assertThat(MediaTypes.is("Application/JSON ; charset=utf-8", MediaTypes.JSON)).isTrue();
        assertThat(MediaTypes.is("application/jsonx", MediaTypes.JSON)).isFalse();
        assertThat(MediaTypes.is("application/x-www-form-urlencoded-not", MediaTypes.FORM)).isFalse();
        assertThat(MediaTypes.is(null, MediaTypes.JSON)).isFalse();
    }

    @Test
    void mostSpecificRangeOfAnAcceptFieldDecides() {
        assertThat(MediaTypes.accepts((String) null, MediaTypes.JSON)).isTrue();
        assertThat(MediaTypes.accepts("*/*;q=0, application/json", MediaTypes.JSON)).isTrue();
        assertThat(MediaTypes.accepts("application/*, application/json;q=0.0", MediaTypes.JSON)).isFalse();
        assertThat(MediaTypes.accepts("text/*", MediaTypes.EVENT_STREAM)).isTrue();
        assertThat(MediaTypes.accepts("text/html", MediaTypes.EVENT_STREAM)).isFalse();
    }

    @Test
    void rangeOfAnAcceptFieldNamesNoMediaType() {
        assertThat(MediaTypes.names("text/html, Application/JSON;q=0.5", MediaTypes.JSON)).isTrue();
        assertThat(MediaTypes.names("application/json-seq, application/*, */*", MediaTypes.JSON)).isFalse();
        assertThat(MediaTypes.names(null, MediaTypes.JSON)).isFalse();
    }
}
