/* Prints every text that the library gives: leaks <LINES
   A line is `client`, gateway and configuration; or an operation and its input; or `show` and a text. Parts are divided
   by tabs. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kyso.h>

static struct {
    char gateway[32];
    kyso_client *client;
} clients[8];
static int count;

/* The client of a gateway, or of an operation's. */
static const kyso_client *client_of(const char *name) {
    size_t length = strcspn(name, ".");
    for (int i = 0; i < count; i++) {
        if (strlen(clients[i].gateway) == length && memcmp(clients[i].gateway, name, length) == 0) return clients[i].client;
    }
    return NULL;
}

static void show(const char *text) {
    if (text != NULL) puts(text);
}

static void show_error(const kyso_result *result) {
    const char *(*const texts[])(const kyso_result *, size_t *) = {
        kyso_error_code_name, kyso_error_field, kyso_error_message, kyso_error_message_vi, kyso_error_gateway_code,
        kyso_error_outcome, kyso_error_next_operation, kyso_error_json,
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) show(texts[i](result, NULL));
    static const char *const names[] = {"operation", "stage", "evidence", "signed", "gateway_message", "details"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) show(kyso_error_text(result, names[i], strlen(names[i]), NULL));
}

/* The verdict in front, then the texts; the result is freed. */
static void show_result(const char *operation, kyso_result *result) {
    bool good = kyso_result_is_ok(result);
    printf("== %s %s\n", good ? "ok" : "error", operation);
    if (good) show(kyso_result_json(result, NULL, 0, NULL));
    size_t members = kyso_result_count(result, NULL, 0);
    for (size_t i = 0; i < members; i++) {
        show(kyso_result_member_name(result, NULL, 0, i, NULL));
        show(kyso_result_member_value(result, NULL, 0, i, NULL));
    }
    show_error(result);
    kyso_result_free(result);
}

int main(void) {
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        line[strcspn(line, "\n")] = '\0';
        char *input = strchr(line, '\t');
        if (input == NULL) return 2;
        *input++ = '\0';
        if (strcmp(line, "show") == 0) {
            show(input);
        } else if (strcmp(line, "client") == 0) {
            char *config = strchr(input, '\t');
            if (config == NULL) return 2;
            *config++ = '\0';
            kyso_client *client = NULL;
            show_result("client", kyso_client_new(input, strlen(input), config, strlen(config), &client));
            /* Some of the spoilt ones are good enough: the first of a gateway makes the calls. */
            if (client == NULL || client_of(input) != NULL || count == 8) {
                kyso_client_free(client);
                continue;
            }
            snprintf(clients[count].gateway, sizeof clients[count].gateway, "%s", input);
            clients[count++].client = client;
        } else {
            show_result(line, kyso_call(client_of(line), line, strlen(line), input, strlen(input)));
        }
    }
    for (int i = 0; i < count; i++) kyso_client_free(clients[i].client);
    free(line);
    return 0;
}
