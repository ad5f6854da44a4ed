/* Just enough JSON for the runners: values stay slices of the file, so that inputs reach the library as written. */
#ifndef RUNNER_JSON_H
#define RUNNER_JSON_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The JSON text of one value; at is NULL where there is none. */
typedef struct {
    const char *at;
    size_t length;
} slice;

static const char *json_skip_space(const char *at) {
    while (*at != '\0' && strchr(" \t\r\n", *at) != NULL) at++;
    return at;
}

/* Behind the closing quote. */
static const char *json_end_of_string(const char *at) {
    for (at++; *at != '"'; at++) {
        if (*at == '\\') at++;
        if (*at == '\0') return at;
    }
    return at + 1;
}

/* The value that begins at or behind this place. */
static slice json_value(const char *at) {
    at = json_skip_space(at);
    const char *end = at;
    int depth = 0;
    do {
        if (*end == '\0') break;
        if (*end == '"') {
            end = json_end_of_string(end);
            continue;
        }
        if (*end == '{' || *end == '[') depth++;
        if (*end == '}' || *end == ']') depth--;
        end++;
    } while (depth > 0 || (strchr("{[\"", *at) == NULL && strchr(",]} \t\r\n", *end) == NULL));
    slice value = {at, (size_t)(end - at)};
    return value;
}

/* Walks over an object or a list. `place` starts as NULL; name is left alone in a list. */
static bool json_next(slice container, const char **place, slice *name, slice *value) {
    const char *at = json_skip_space(*place == NULL ? container.at + 1 : *place);
    if (*at == ',') at = json_skip_space(at + 1);
    if (*at == '}' || *at == ']' || *at == '\0') return false;
    if (*container.at == '{') {
        *name = json_value(at);
        at = json_skip_space(name->at + name->length) + 1;
    }
    *value = json_value(at);
    *place = value->at + value->length;
    return true;
}

static bool json_is(slice value, char first) {
    return value.at != NULL && value.length > 0 && *value.at == first;
}

/* The member of that name, which needs no escapes. */
static slice json_member(slice object, const char *wanted) {
    slice none = {NULL, 0}, name, value;
    const char *place = NULL;
    if (!json_is(object, '{')) return none;
    while (json_next(object, &place, &name, &value)) {
        if (name.length == strlen(wanted) + 2 && memcmp(name.at + 1, wanted, strlen(wanted)) == 0) return value;
    }
    return none;
}

static size_t json_count(slice container) {
    slice name, value;
    const char *place = NULL;
    size_t count = 0;
    while (json_next(container, &place, &name, &value)) count++;
    return count;
}

static char *json_put_utf8(char *to, unsigned long code) {
    if (code < 0x80) {
        *to++ = (char)code;
        return to;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    *to++ = (char)((0xff00 >> (more + 1) & 0xff) | code >> 6 * more);
    while (more-- > 0) *to++ = (char)(0x80 | (code >> 6 * more & 0x3f));
    return to;
}

static unsigned long json_hex4(const char *at) {
    char digits[5] = {at[0], at[1], at[2], at[3], '\0'};
    return strtoul(digits, NULL, 16);
}

/* The characters of a string value, with a NUL behind them; the caller frees them. */
static char *json_string(slice value, size_t *length) {
    char *text = malloc(value.length + 1), *to = text;
    const char *at = value.at + 1, *end = value.at + value.length - 1;
    while (at < end) {
        if (*at != '\\') {
            *to++ = *at++;
            continue;
        }
        static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
        const char *plain = strchr(names, at[1]);
        if (plain != NULL) {
            *to++ = values[plain - names];
            at += 2;
            continue;
        }
        unsigned long code = json_hex4(at + 2);
        at += 6;
        if (code >= 0xd800 && code < 0xdc00 && at + 6 <= end && at[1] == 'u') {
            code = 0x10000 + ((code - 0xd800) << 10) + (json_hex4(at + 2) - 0xdc00);
            at += 6;
        }
        to = json_put_utf8(to, code);
    }
    *to = '\0';
    *length = (size_t)(to - text);
    return text;
}

static bool json_same_string(slice left, slice right) {
    size_t left_length, right_length;
    char *left_text = json_string(left, &left_length), *right_text = json_string(right, &right_length);
    bool same = left_length == right_length && memcmp(left_text, right_text, left_length) == 0;
    free(left_text);
    free(right_text);
    return same;
}

static bool json_same_scalar(slice left, slice right) {
    if (json_is(left, '"') && json_is(right, '"')) return json_same_string(left, right);
    if (left.length == right.length && memcmp(left.at, right.at, left.length) == 0) return true;
    bool numbers = strchr("-0123456789", *left.at) != NULL && strchr("-0123456789", *right.at) != NULL;
    return numbers && strtold(left.at, NULL) == strtold(right.at, NULL);
}

#endif
