/*
 * Every exported function while a panic is planted in it (built with --cfg kyso_fault, which no package is): each
 * answers with its error, and what was made before still works afterwards.
 */
#define _POSIX_C_SOURCE 200112L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

static int checks, wrong;

static void check(bool good, const char *what) {
    checks++;
    if (good) return;
    wrong++;
    printf("%s\n", what);
}

static void plant(bool on) {
    if (on) {
        setenv("KYSO_FAULT", "1", 1);
    } else {
        unsetenv("KYSO_FAULT");
    }
}

/* A result made under the fault is an error of kyso's own. */
static void internal(kyso_result *result, const char *what) {
    plant(false);
    check(kyso_error_code(result) == KYSO_CODE_INTERNAL, what);
    check(kyso_error_message_vi(result, NULL) != NULL, what);
    kyso_result_free(result);
    plant(true);
}

static void results(kyso_result *good, kyso_result *bad) {
    size_t length = 7;
    int64_t integer = 7;
    bool boolean = true;
    check(!kyso_result_is_ok(good), "is_ok");
    check(kyso_result_json(good, NULL, 0, &length) == NULL && length == 0, "json");
    check(kyso_result_text(good, "/data", 5, &length) == NULL, "text");
    check(!kyso_result_integer(good, "/data", 5, &integer) && integer == 7, "integer");
    check(!kyso_result_bool(good, "/data", 5, &boolean) && boolean, "bool");
    check(kyso_result_count(good, NULL, 0) == 0, "count");
    check(kyso_result_member_name(good, NULL, 0, 0, &length) == NULL, "member_name");
    check(kyso_result_member_value(good, NULL, 0, 0, &length) == NULL, "member_value");
    check(kyso_result_nodes(good, &length) == NULL && length == 0, "nodes");
    check(kyso_error_code(bad) == KYSO_CODE_INTERNAL, "error_code");
    check(kyso_error_code_name(bad, &length) == NULL, "error_code_name");
    check(kyso_error_field(bad, &length) == NULL, "error_field");
    check(kyso_error_message(bad, &length) == NULL, "error_message");
    check(kyso_error_message_vi(bad, &length) == NULL, "error_message_vi");
    check(kyso_error_gateway_code(bad, &length) == NULL, "error_gateway_code");
    check(kyso_error_outcome(bad, &length) == NULL, "error_outcome");
    check(kyso_error_next_operation(bad, &length) == NULL, "error_next_operation");
    check(kyso_error_text(bad, "code", 4, &length) == NULL, "error_text");
    check(kyso_error_json(bad, &length) == NULL, "error_json");
    check(strcmp(kyso_version(), KYSO_VERSION) == 0, "version");
    kyso_result_free(NULL);
}

/* The first fault is kept: each setter has parameters of its own. */
static void setters(kyso_client *client) {
    const char *name = OPERATIONS[0].name;
    for (int setter = 0; setter < 8; setter++) {
        plant(false);
        kyso_params *params = kyso_params_new();
        plant(true);
        switch (setter) {
            case 0: kyso_params_set_text(params, "a", 1, "b", 1); break;
            case 1: kyso_params_set_integer(params, "a", 1, 1); break;
            case 2: kyso_params_set_bool(params, "a", 1, true); break;
            case 3: kyso_params_set_json(params, "a", 1, "1", 1); break;
            case 4: kyso_params_set_unsupported(params, "a", 1); break;
            case 5: kyso_params_begin_object(params, "a", 1); break;
            case 6: kyso_params_begin_list(params, "a", 1); break;
            default: kyso_params_end(params);
        }
        plant(false);
        internal(kyso_call_params(client, name, strlen(name), params), "params");
        plant(false);
        kyso_params_free(params);
    }
    plant(true);
}

int main(void) {
    static const char CONFIG[] =
        "{\"partner_code\":\"1\",\"environment\":\"sandbox\","
        "\"key\":\"603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4\"}";
    kyso_client *client, *none;
    plant(false);
    kyso_result *made = kyso_client_new("tconnect", 8, CONFIG, strlen(CONFIG), &client);
    check(kyso_result_is_ok(made), "the configuration is good");
    kyso_result *good = kyso_call(client, "tconnect.envelope.seal", 22, "{\"plaintext\":\"x\"}", 17);
    kyso_result *bad = kyso_call(client, "tconnect.envelope.seal", 22, "{}", 2);
    kyso_params *params = kyso_params_new();
    check(kyso_result_is_ok(good) && !kyso_result_is_ok(bad), "without a fault");

    plant(true);
    results(good, bad);
    for (size_t i = 0; i < COUNT(CONSTRUCTORS); i++) {
        none = client;
        internal(CONSTRUCTORS[i].function(CONFIG, strlen(CONFIG), &none), CONSTRUCTORS[i].gateway);
    }
    internal(kyso_client_new("tconnect", 8, CONFIG, strlen(CONFIG), &none), "client_new");
    internal(kyso_client_new_params("tconnect", 8, params, &none), "client_new_params");
    internal(kyso_call(client, "tconnect.envelope.seal", 22, "{}", 2), "call");
    internal(kyso_call_params(client, "tconnect.envelope.seal", 22, params), "call_params");
    const kyso_node nodes[] = {{NULL, 0, NULL, 0, 0, 0, KYSO_KIND_OBJECT}};
    internal(kyso_client_new_nodes("tconnect", 8, nodes, 1, &none), "client_new_nodes");
    internal(kyso_call_nodes(client, "tconnect.envelope.seal", 22, nodes, 1), "call_nodes");
    for (size_t i = 0; i < COUNT(OPERATIONS); i++) {
        internal(OPERATIONS[i].function(client, "{}", 2), OPERATIONS[i].name);
    }
    setters(client);
    /* Nothing can be made or freed here; neither may end the process. */
    check(kyso_params_new() == NULL, "params_new");
    kyso_params_free(params);
    kyso_client_free(client);
    kyso_result_free(bad);

    plant(false);
    check(kyso_result_text(good, "/data", 5, NULL) != NULL, "what was made before still works");
    kyso_result *again = kyso_call(client, "tconnect.envelope.seal", 22, "{\"plaintext\":\"x\"}", 17);
    check(kyso_result_is_ok(again), "the client still works");
    kyso_result_free(again);
    kyso_result_free(good);
    kyso_result_free(made);
    printf("fault: %d checks, %d wrong\n", checks, wrong);
    return wrong > 0;
}
