/* Reads each envelope of a file as a notification and prints what was seen, with its count: oracle FILE */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kyso.h>

static const char CONFIG[] =
    "{\"partner_code\":\"1\",\"environment\":\"sandbox\","
    "\"key\":\"603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4\"}";

enum { MOST = 64 };
static char *seen[MOST];
static long counts[MOST];

static void note(const char *found) {
    int i = 0;
    while (i < MOST - 1 && seen[i] != NULL && strcmp(seen[i], found) != 0) i++;
    if (seen[i] == NULL) {
        seen[i] = malloc(strlen(found) + 1);
        strcpy(seen[i], found);
    }
    counts[i]++;
}

int main(int count, char **arguments) {
    static char line[1 << 16], body[(1 << 16) + 16], found[4096];
    FILE *file = count > 1 ? fopen(arguments[1], "r") : NULL;
    kyso_client *client;
    kyso_result_free(kyso_tconnect_new(CONFIG, strlen(CONFIG), &client));
    if (file == NULL || client == NULL) return 2;
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        snprintf(body, sizeof body, "{\"data\":\"%s\"}", line);
        kyso_params *params = kyso_params_new();
        kyso_params_set_text(params, "body", 4, body, strlen(body));
        kyso_result *result = kyso_call_params(client, "tconnect.ipn.read_callback", 26, params);
        kyso_params_free(params);
        if (kyso_result_is_ok(result)) {
            note("accepted\t");
        } else {
            snprintf(found, sizeof found, "%d\t%s", (int) kyso_error_code(result), kyso_error_json(result, NULL));
            note(found);
        }
        kyso_result_free(result);
    }
    fclose(file);
    kyso_client_free(client);
    for (int i = 0; i < MOST && seen[i] != NULL; i++) {
        printf("%ld\t%s\n", counts[i], seen[i]);
        free(seen[i]);
    }
    return 0;
}
