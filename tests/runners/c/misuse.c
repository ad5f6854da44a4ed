/*
 * Every exported function with arguments that no careful host passes: each must answer with its documented code, and a
 * memory checker must stay silent. Usage: misuse [RANDOM CALLS] [RANDOM SEQUENCES]
 * With PLANTED_DOUBLE_FREE it frees a result twice, which a checker must see.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <stdio.h>

#include "table.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

static int checks, wrong;

static void check(bool good, const char *what, const char *detail) {
    checks++;
    if (good) return;
    wrong++;
    printf("%s: %s\n", what, detail == NULL ? "" : detail);
}

/* A copy without a NUL behind it, so that a checker sees every read beyond the length. */
static char *exactly(const char *bytes, size_t length) {
    char *copy = malloc(length == 0 ? 1 : length);
    memcpy(copy, bytes, length);
    return copy;
}

/* Walks over a flat list: the nodes behind the one at `at` and what it holds. */
static const kyso_node *walk(const kyso_node *at, const kyso_node *end, size_t *bytes) {
    const kyso_node *next = at + 1;
    for (size_t i = 0; i < at->name_length; i++) *bytes += (unsigned char) at->name[i];
    for (size_t i = 0; i < at->text_length; i++) *bytes += (unsigned char) at->text[i];
    check((at->kind == KYSO_KIND_LIST || at->kind == KYSO_KIND_OBJECT) || at->count == 0, "node", "a value holds others");
    for (size_t i = 0; i < at->count && next < end; i++) next = walk(next, end, bytes);
    return next;
}

static void ask_nodes(const kyso_result *result) {
    size_t count = 7, bytes = 0;
    const kyso_node *nodes = kyso_result_nodes(result, &count);
    check((nodes != NULL) == kyso_result_is_ok(result), "nodes", "of a success only");
    check((nodes != NULL) == (count > 0), "nodes", "count");
    check(kyso_result_nodes(result, NULL) == nodes, "nodes", "the same again");
    if (nodes == NULL) return;
    check(nodes->kind == KYSO_KIND_OBJECT && nodes->count == kyso_result_count(result, NULL, 0), "nodes", "the result itself");
    check(walk(nodes, nodes + count, &bytes) == nodes + count, "nodes", "all belong to it");
}

/* Asks a result everything, also what it does not have. */
static void ask(const kyso_result *result) {
    static const char *const pointers[] = {"", "/", "/headers", "/data/0/amount", "/~1~0", "no slash", "/a\xff", "/0"};
    size_t length;
    int64_t integer;
    bool boolean;
    for (size_t i = 0; i < COUNT(pointers); i++) {
        size_t size = strlen(pointers[i]);
        char *pointer = exactly(pointers[i], size);
        kyso_result_json(result, pointer, size, &length);
        kyso_result_text(result, pointer, size, &length);
        kyso_result_integer(result, pointer, size, &integer);
        kyso_result_bool(result, pointer, size, &boolean);
        kyso_result_count(result, pointer, size);
        for (size_t n = 0; n < 3; n++) {
            kyso_result_member_name(result, pointer, size, n, &length);
            kyso_result_member_value(result, pointer, size, n, &length);
        }
        kyso_result_member_name(result, pointer, size, SIZE_MAX, NULL);
        kyso_error_text(result, pointer, size, NULL);
        free(pointer);
    }
    length = 7;
    check(kyso_result_json(result, NULL, 9, &length) == NULL && length == 0, "json", "NULL with a length");
    check(kyso_result_text(result, "/a", SIZE_MAX, NULL) == NULL, "text", "impossible length");
    check(!kyso_result_integer(result, NULL, 0, NULL), "integer", "of everything");
    check(!kyso_result_bool(result, NULL, 0, NULL), "bool", "of everything");
    check(kyso_result_count(result, NULL, 3) == 0, "count", "NULL with a length");
    check(kyso_error_text(result, NULL, 3, NULL) == NULL, "error text", "NULL with a length");
    kyso_result_member_name(result, NULL, 0, 0, NULL);
    kyso_result_member_value(result, NULL, 0, 0, NULL);
    const char *texts[] = {
        kyso_error_code_name(result, &length), kyso_error_message(result, NULL), kyso_error_message_vi(result, NULL),
        kyso_error_json(result, NULL),         kyso_error_field(result, NULL),   kyso_error_gateway_code(result, NULL),
        kyso_error_outcome(result, NULL),      kyso_error_next_operation(result, NULL),
    };
    bool failed = result != NULL && !kyso_result_is_ok(result);
    for (size_t i = 0; i < 4; i++) check((texts[i] != NULL) == failed, "error getter", NULL);
    for (size_t i = 4; i < COUNT(texts); i++) check(failed || texts[i] == NULL, "error getter of a success", NULL);
    check((kyso_result_json(result, NULL, 0, NULL) != NULL) == kyso_result_is_ok(result), "json", "of everything");
    ask_nodes(result);
}

/* Checks the code of a result, asks it everything and frees it. */
static void expect(kyso_result *result, kyso_code code, const char *what, const char *detail) {
    char text[256];
    snprintf(text, sizeof text, "%s: %s", detail, kyso_result_is_ok(result) ? "ok" : kyso_error_message(result, NULL));
    check(kyso_error_code(result) == code, what, text);
    ask(result);
    kyso_result_free(result);
}

static const struct {
    const char *what;
    const char *bytes;
    size_t length;
    kyso_code code;
} BAD_TEXTS[] = {
    {"empty", "", 0, KYSO_CODE_MALFORMED_INPUT},
    {"not UTF-8", "{\"a\":\"\xff\"}", 9, KYSO_CODE_NOT_UTF8},
    {"half a character", "{\"a\":\"\xc4\"}", 9, KYSO_CODE_NOT_UTF8},
    {"surrogate", "{\"a\":\"\xed\xa0\x80\"}", 11, KYSO_CODE_NOT_UTF8},
    {"NUL inside", "{\"a\":\"\0\"}", 9, KYSO_CODE_MALFORMED_INPUT},
    {"NUL behind", "{}\0", 3, KYSO_CODE_MALFORMED_INPUT},
    {"cut off", "{\"a\":", 5, KYSO_CODE_MALFORMED_INPUT},
    {"two values", "{} {}", 5, KYSO_CODE_MALFORMED_INPUT},
    {"twice the same name", "{\"a\":1,\"a\":1}", 13, KYSO_CODE_MALFORMED_INPUT},
    {"a list", "[]", 2, KYSO_CODE_WRONG_TYPE},
    {"a text", "\"a\"", 3, KYSO_CODE_WRONG_TYPE},
    {"null", "null", 4, KYSO_CODE_WRONG_TYPE},
    {"an unknown field", "{\"no such field\":1}", 19, KYSO_CODE_UNKNOWN_FIELD},
};

static char deep[2 * 1000 + 1];

/* Sample configurations, in the order of CONSTRUCTORS. */
static const char *const CONFIGS[] = {
    "{\"partner_code\":\"1\",\"environment\":\"sandbox\","
    "\"key\":\"603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4\"}",
    "{\"merchant_site_code\":\"1\",\"secure_pass\":\"test-pass-Aa1\",\"environment\":\"sandbox\"}",
    "{\"partner_code\":\"P\",\"api_key\":\"key-of-a-test\",\"secret_key\":\"test-secret-Aa1\",\"environment\":\"sandbox\"}",
};

static kyso_client *clients[COUNT(CONSTRUCTORS)];

static void constructors(void) {
    kyso_client *client;
    for (size_t i = 0; i < COUNT(CONSTRUCTORS); i++) {
        const char *name = CONSTRUCTORS[i].gateway;
        kyso_result *(*make)(const char *, size_t, kyso_client **) = CONSTRUCTORS[i].function;
        for (size_t k = 0; k < COUNT(BAD_TEXTS); k++) {
            char *bytes = exactly(BAD_TEXTS[k].bytes, BAD_TEXTS[k].length);
            client = (kyso_client *) &client;
            expect(make(bytes, BAD_TEXTS[k].length, &client), BAD_TEXTS[k].code, name, BAD_TEXTS[k].what);
            check(client == NULL, name, "a client in spite of an error");
            expect(kyso_client_new(name, strlen(name), bytes, BAD_TEXTS[k].length, &client), BAD_TEXTS[k].code, name,
                   BAD_TEXTS[k].what);
            free(bytes);
        }
        expect(make(NULL, 5, &client), KYSO_CODE_NULL_POINTER, name, "NULL");
        expect(make("{}", SIZE_MAX, &client), KYSO_CODE_MALFORMED_INPUT, name, "impossible length");
        expect(make("{}", 2, NULL), KYSO_CODE_NULL_POINTER, name, "no place for the client");
        expect(make("{}", 2, &client), KYSO_CODE_MISSING_FIELD, name, "nothing in it");
        expect(make(deep, strlen(deep), &client), KYSO_CODE_MALFORMED_INPUT, name, "deep");
        expect(kyso_client_new_params(name, strlen(name), NULL, &client), KYSO_CODE_NULL_POINTER, name, "no parameters");
        char *config = exactly(CONFIGS[i], strlen(CONFIGS[i]));
        expect(make(config, strlen(CONFIGS[i]), &clients[i]), KYSO_CODE_OK, name, "good");
        free(config);
        check(clients[i] != NULL, name, "no client");
    }
    expect(kyso_client_new(NULL, 3, "{}", 2, &client), KYSO_CODE_NULL_POINTER, "client_new", "NULL");
    expect(kyso_client_new("nobody", 6, "{}", 2, &client), KYSO_CODE_UNKNOWN_GATEWAY, "client_new", "unknown");
    expect(kyso_client_new("\xff", 1, "{}", 2, &client), KYSO_CODE_NOT_UTF8, "client_new", "not UTF-8");
    expect(kyso_client_new("a", 1, "{}", 2, NULL), KYSO_CODE_NULL_POINTER, "client_new", "no place for the client");
    expect(kyso_client_new_params("a", 1, NULL, NULL), KYSO_CODE_NULL_POINTER, "client_new_params", "NULL");
    kyso_client_free(NULL);
}

/* Index of the constructor of an operation's gateway; COUNT where it needs no client. */
static size_t gateway_of(const char *operation) {
    size_t i = 0;
    for (; i < COUNT(CONSTRUCTORS); i++) {
        size_t length = strlen(CONSTRUCTORS[i].gateway);
        if (strncmp(operation, CONSTRUCTORS[i].gateway, length) == 0 && operation[length] == '.') break;
    }
    return i;
}

static void operations(void) {
    for (size_t i = 0; i < COUNT(OPERATIONS); i++) {
        const char *name = OPERATIONS[i].name;
        size_t own = gateway_of(name);
        bool needs_client = own < COUNT(CONSTRUCTORS);
        kyso_client *client = needs_client ? clients[own] : NULL;
        kyso_result *(*run)(const kyso_client *, const char *, size_t) = OPERATIONS[i].function;
        for (size_t k = 0; k < COUNT(BAD_TEXTS); k++) {
            char *bytes = exactly(BAD_TEXTS[k].bytes, BAD_TEXTS[k].length);
            expect(run(client, bytes, BAD_TEXTS[k].length), BAD_TEXTS[k].code, name, BAD_TEXTS[k].what);
            expect(kyso_call(client, name, strlen(name), bytes, BAD_TEXTS[k].length), BAD_TEXTS[k].code, name,
                   BAD_TEXTS[k].what);
            free(bytes);
        }
        expect(run(client, NULL, 5), KYSO_CODE_NULL_POINTER, name, "NULL");
        expect(run(client, "{}", SIZE_MAX), KYSO_CODE_MALFORMED_INPUT, name, "impossible length");
        expect(run(client, deep, strlen(deep)), KYSO_CODE_MALFORMED_INPUT, name, "deep");
        expect(kyso_call_params(client, name, strlen(name), NULL), KYSO_CODE_NULL_POINTER, name, "no parameters");
        if (!needs_client) continue;
        expect(run(NULL, "{}", 2), KYSO_CODE_NULL_POINTER, name, "no client");
        const kyso_client *other = clients[(own + 1) % COUNT(CONSTRUCTORS)];
        expect(run(other, "{}", 2), KYSO_CODE_UNKNOWN_OPERATION, name, "another gateway's client");
    }
    expect(kyso_call(clients[0], NULL, 3, "{}", 2), KYSO_CODE_NULL_POINTER, "call", "NULL");
    expect(kyso_call(clients[0], NULL, 0, "{}", 2), KYSO_CODE_UNKNOWN_OPERATION, "call", "empty name");
    expect(kyso_call(clients[0], "a.b.c", 5, "{}", 2), KYSO_CODE_UNKNOWN_OPERATION, "call", "unknown");
    expect(kyso_call(clients[0], "\xff", 1, "{}", 2), KYSO_CODE_NOT_UTF8, "call", "not UTF-8");
    expect(kyso_call_params(clients[0], "a", SIZE_MAX, NULL), KYSO_CODE_MALFORMED_INPUT, "call_params", "length");
}

static void set_everything(kyso_params *params, const char *name, size_t length) {
    kyso_params_set_text(params, name, length, "text", 4);
    kyso_params_set_integer(params, name, length, INT64_MIN);
    kyso_params_set_bool(params, name, length, true);
    kyso_params_set_json(params, name, length, "[1]", 3);
    kyso_params_set_unsupported(params, name, length);
    kyso_params_begin_object(params, name, length);
    kyso_params_begin_list(params, name, length);
    kyso_params_end(params);
    kyso_params_end(params);
}

/* Uses parameters, expects a code, and frees them. */
static void use(kyso_params *params, kyso_code code, const char *what) {
    const char *name = OPERATIONS[0].name;
    kyso_client *client;
    expect(kyso_call_params(clients[gateway_of(name)], name, strlen(name), params), code, "params", what);
    kyso_result *result = kyso_client_new_params(CONSTRUCTORS[0].gateway, strlen(CONSTRUCTORS[0].gateway), params, &client);
    check(!kyso_result_is_ok(result) && client == NULL, "params as configuration", what);
    kyso_result_free(result);
    kyso_params_free(params);
}

static void params(void) {
    set_everything(NULL, "a", 1);
    kyso_params_free(NULL);
    use(kyso_params_new(), KYSO_CODE_MISSING_FIELD, "nothing set");
    kyso_params *params = kyso_params_new();
    set_everything(params, NULL, 3);
    use(params, KYSO_CODE_NULL_POINTER, "name NULL");
    set_everything(params = kyso_params_new(), "\xff", 1);
    use(params, KYSO_CODE_NOT_UTF8, "name not UTF-8");
    set_everything(params = kyso_params_new(), "a", SIZE_MAX);
    use(params, KYSO_CODE_MALFORMED_INPUT, "impossible length");
    set_everything(params = kyso_params_new(), "a", 1);
    use(params, KYSO_CODE_UNKNOWN_FIELD, "unknown field");
    kyso_params_set_text(params = kyso_params_new(), "a", 1, NULL, 1);
    use(params, KYSO_CODE_NULL_POINTER, "text NULL");
    kyso_params_set_text(params = kyso_params_new(), "a", 1, "\xff", 1);
    use(params, KYSO_CODE_NOT_UTF8, "text not UTF-8");
    kyso_params_set_json(params = kyso_params_new(), "a", 1, "{", 1);
    use(params, KYSO_CODE_MALFORMED_INPUT, "bad JSON");
    kyso_params_set_json(params = kyso_params_new(), "a", 1, deep, strlen(deep));
    use(params, KYSO_CODE_MALFORMED_INPUT, "deep JSON");
    kyso_params_end(params = kyso_params_new());
    use(params, KYSO_CODE_MALFORMED_INPUT, "end of nothing");
    kyso_params_begin_object(params = kyso_params_new(), "a", 1);
    use(params, KYSO_CODE_MALFORMED_INPUT, "not ended");
    params = kyso_params_new();
    for (int i = 0; i < 1000; i++) kyso_params_begin_list(params, "a", 1);
    use(params, KYSO_CODE_MALFORMED_INPUT, "deep");
}

static kyso_node node(const char *name, uint32_t kind, size_t count) {
    kyso_node made = {name, strlen(name), "{}", 2, -1, count, kind};
    return made;
}

/* Hands in a copy of just that many nodes, as an input and as a configuration. */
static void give(const kyso_node *nodes, size_t count, kyso_code code, const char *field, const char *what) {
    const char *name = OPERATIONS[0].name;
    kyso_client *client = (kyso_client *) &client;
    kyso_node *copy = malloc(count * sizeof *copy + 1);
    if (count > 0) memcpy(copy, nodes, count * sizeof *copy);
    kyso_result *result = kyso_call_nodes(clients[gateway_of(name)], name, strlen(name), copy, count);
    const char *found = kyso_error_field(result, NULL);
    check(field == NULL || (found != NULL && strcmp(found, field) == 0), what, found);
    expect(result, code, "nodes", what);
    result = kyso_client_new_nodes(CONSTRUCTORS[0].gateway, strlen(CONSTRUCTORS[0].gateway), copy, count, &client);
    check(!kyso_result_is_ok(result) && client == NULL, "nodes as configuration", what);
    kyso_result_free(result);
    free(copy);
}

static void flat_lists(void) {
    const char *name = OPERATIONS[0].name;
    kyso_client *client = clients[gateway_of(name)], *none;
    expect(kyso_call_nodes(client, name, strlen(name), NULL, 0), KYSO_CODE_NULL_POINTER, "nodes", "NULL");
    expect(kyso_client_new_nodes("a", 1, NULL, 1, &none), KYSO_CODE_NULL_POINTER, "nodes", "NULL as configuration");
    kyso_node list[40];
    list[0] = node("", KYSO_KIND_OBJECT, 0);
    expect(kyso_call_nodes(client, name, strlen(name), list, SIZE_MAX), KYSO_CODE_MALFORMED_INPUT, "nodes", "impossible count");
    expect(kyso_client_new_nodes("a", 1, list, 1, NULL), KYSO_CODE_NULL_POINTER, "nodes", "nowhere to put a client");
    give(list, 0, KYSO_CODE_MALFORMED_INPUT, NULL, "no node");
    give(list, 1, KYSO_CODE_MISSING_FIELD, NULL, "nothing set");
    list[0].count = 2;
    list[1] = node("a", KYSO_KIND_TEXT, 0);
    give(list, 2, KYSO_CODE_MALFORMED_INPUT, NULL, "a member is missing");
    list[0].count = SIZE_MAX;
    give(list, 2, KYSO_CODE_MALFORMED_INPUT, NULL, "more members than memory");
    list[0].count = 0;
    give(list, 2, KYSO_CODE_MALFORMED_INPUT, NULL, "a node too many");
    list[0].count = 1;
    give(list, 2, KYSO_CODE_UNKNOWN_FIELD, "a", "unknown field");
    for (uint32_t kind = KYSO_KIND_NULL; kind <= KYSO_KIND_OBJECT; kind++) {
        list[1].kind = kind;
        give(list, 2, kind == KYSO_KIND_NUMBER ? KYSO_CODE_MALFORMED_INPUT : KYSO_CODE_UNKNOWN_FIELD, "a", "each kind");
    }
    list[1].kind = 99;
    give(list, 2, KYSO_CODE_MALFORMED_INPUT, "a", "no kind");
    list[1] = node("\xff", KYSO_KIND_TEXT, 0);
    give(list, 2, KYSO_CODE_NOT_UTF8, "?", "name not UTF-8");
    list[1] = node("a", KYSO_KIND_TEXT, 0);
    list[1].name = NULL;
    give(list, 2, KYSO_CODE_NULL_POINTER, "?", "name NULL");
    list[1] = node("a", KYSO_KIND_TEXT, 0);
    list[1].text = "\xff\xff";
    give(list, 2, KYSO_CODE_NOT_UTF8, "a", "text not UTF-8");
    list[1].text = NULL;
    give(list, 2, KYSO_CODE_NULL_POINTER, "a", "text NULL");
    list[1].text_length = SIZE_MAX;
    list[1].text = "";
    give(list, 2, KYSO_CODE_MALFORMED_INPUT, "a", "impossible length");
    list[0].kind = KYSO_KIND_LIST;
    give(list, 2, KYSO_CODE_WRONG_TYPE, NULL, "a list");
    list[0] = node("", KYSO_KIND_OBJECT, 1);
    list[1] = node("a", KYSO_KIND_UNSUPPORTED, 0);
    give(list, 2, KYSO_CODE_UNKNOWN_FIELD, "a", "unsupported in an unknown field");
    for (size_t i = 0; i < COUNT(list); i++) list[i] = node("a", i % 2 ? KYSO_KIND_LIST : KYSO_KIND_OBJECT, i + 1 < COUNT(list));
    give(list, COUNT(list), KYSO_CODE_MALFORMED_INPUT, NULL, "deep");
}

/* The same numbers in every run. */
static size_t chance(size_t below) {
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state % below);
}

/* Calls with inputs put together from pieces of JSON; nothing is expected but an answer. */
static void random_calls(long calls) {
    static const char *const pieces[] = {
        "{", "}", "[", "]", ",", ":", "\"body\"", "\"query\"", "\"amount\"", "\"data\"", "\"fields\"", "\"extra\"",
        "\"order_code\"", "\"access_token\"", "\"\\u0000\"", "\"\\ud800\"", "\"a=b&c=%zz\"", "\"{\\\"data\\\":\\\"00\\\"}\"",
        "1", "-1", "1e400", "0.1", "99999999999999999999", "true", "null", "\xc4\x90", "\xff", " ",
    };
    for (long i = 0; i < calls; i++) {
        const operation *called = &OPERATIONS[chance(COUNT(OPERATIONS))];
        size_t choice = chance(COUNT(clients) + 1);
        char json[1024];
        size_t length = 0, count = chance(24);
        if (chance(4) > 0) length += (size_t)sprintf(json, "{%s:", pieces[6 + chance(8)]);
        for (size_t k = 0; k < count; k++) length += (size_t)sprintf(json + length, "%s", pieces[chance(COUNT(pieces))]);
        if (chance(4) > 0) length += (size_t)sprintf(json + length, "}");
        char *bytes = exactly(json, length);
        kyso_result *result = called->function(choice == 0 ? NULL : clients[choice - 1], bytes, length);
        free(bytes);
        if (chance(8) == 0) ask(result);
        kyso_result_free(result);
        checks++;
    }
}

/* Sets something, anywhere, or opens and closes what may not be open. */
static void change(kyso_params *params) {
    static const char *const names[] = {"body", "plaintext", "data", "amount", "fields", "\xff", ""};
    const char *name = names[chance(COUNT(names))];
    size_t length = strlen(name);
    switch (chance(8)) {
        case 0: kyso_params_set_text(params, name, length, "{\"data\":\"00\"}", 13); break;
        case 1: kyso_params_set_integer(params, name, length, (int64_t) chance(1000) - 500); break;
        case 2: kyso_params_set_bool(params, name, length, chance(2) == 0); break;
        case 3: kyso_params_set_json(params, name, length, "{\"a\":[1,null]}", 14); break;
        case 4: kyso_params_set_unsupported(params, name, length); break;
        case 5: kyso_params_begin_object(params, name, length); break;
        case 6: kyso_params_begin_list(params, name, length); break;
        default: kyso_params_end(params);
    }
}

/* Calls with flat lists of any kinds and counts. */
static void random_lists(long calls) {
    static const char *const names[] = {"body", "plaintext", "data", "amount", "fields", "\xff", ""};
    for (long i = 0; i < calls; i++) {
        kyso_node list[12];
        size_t count = 1 + chance(COUNT(list));
        for (size_t k = 0; k < count; k++) {
            list[k] = node(names[chance(COUNT(names))], (uint32_t) chance(9), chance(8) == 0 ? SIZE_MAX : chance(4));
        }
        list[0] = node("", KYSO_KIND_OBJECT, chance(4) == 0 ? count : 1 + chance(count));
        kyso_node *copy = malloc(count * sizeof *copy);
        memcpy(copy, list, count * sizeof *copy);
        const operation *called = &OPERATIONS[chance(COUNT(OPERATIONS))];
        kyso_client *client = clients[chance(COUNT(clients))];
        kyso_result *result = kyso_call_nodes(client, called->name, strlen(called->name), copy, count);
        free(copy);
        if (chance(8) == 0) ask(result);
        kyso_result_free(result);
        checks++;
    }
}

/* One sequence: clients, parameters and results made, used together, replaced and freed in any order. */
static void random_sequence(void) {
    kyso_client *own[2] = {NULL};
    kyso_params *inputs[2] = {NULL};
    kyso_result *results[3] = {NULL};
    for (size_t steps = 4 + chance(16); steps > 0; steps--) {
        kyso_client **client = &own[chance(COUNT(own))];
        kyso_params **input = &inputs[chance(COUNT(inputs))];
        kyso_result **result = &results[chance(COUNT(results))];
        const char *name = OPERATIONS[chance(COUNT(OPERATIONS))].name;
        size_t gateway = chance(COUNT(CONSTRUCTORS));
        kyso_result *made = NULL;
        switch (chance(9)) {
            case 0:
                kyso_client_free(*client);
                made = CONSTRUCTORS[gateway].function(CONFIGS[gateway], strlen(CONFIGS[gateway]), client);
                break;
            case 1:
                kyso_client_free(*client);
                *client = NULL;
                break;
            case 2:
                kyso_params_free(*input);
                *input = chance(4) == 0 ? NULL : kyso_params_new();
                break;
            case 3:
            case 4: change(*input); break;
            case 5: made = kyso_call_params(*client, name, strlen(name), *input); break;
            case 6: made = kyso_call(*client, name, strlen(name), "{\"body\":\"{}\"}", 13); break;
            case 7: ask(*result); break;
            default:
                kyso_result_free(*result);
                *result = NULL;
        }
        if (made != NULL) {
            kyso_result_free(*result);
            *result = made;
        }
    }
    for (size_t i = 0; i < COUNT(own); i++) kyso_client_free(own[i]);
    for (size_t i = 0; i < COUNT(inputs); i++) kyso_params_free(inputs[i]);
    for (size_t i = 0; i < COUNT(results); i++) kyso_result_free(results[i]);
    checks++;
}

int main(int count, char **arguments) {
#ifdef PLANTED_DOUBLE_FREE
    kyso_result *twice = kyso_call(NULL, "a", 1, "{}", 2);
    kyso_result_free(twice);
    kyso_result_free(twice);
#endif
    memset(deep, '[', 1000);
    memset(deep + 1000, ']', 1000);
    check(COUNT(CONFIGS) == COUNT(CONSTRUCTORS), "CONFIGS", "one for each gateway with a client");
    check(strcmp(kyso_version(), KYSO_VERSION) == 0, "version", kyso_version());
    ask(NULL);
    check(kyso_error_code(NULL) == KYSO_CODE_NULL_POINTER, "error code", "of NULL");
    kyso_result_free(NULL);
    constructors();
    operations();
    params();
    flat_lists();
    random_calls(count > 1 ? atol(arguments[1]) : 10000);
    random_lists(count > 1 ? atol(arguments[1]) : 10000);
    for (long i = count > 2 ? atol(arguments[2]) : 1000; i > 0; i--) random_sequence();
    for (size_t i = 0; i < COUNT(clients); i++) kyso_client_free(clients[i]);
    printf("misuse: %d checks, %d wrong\n", checks, wrong);
    return wrong > 0;
}
