"""Bodies of directory objects as Microsoft Graph answers them, without their `@odata` keys."""

from __future__ import annotations

from datetime import UTC, datetime

from core.practice.arm_id import guid
from core.practice.http import Json


def graph_stamp(moment: datetime) -> str:
    """A time as Graph writes it: whole seconds and a Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def user_body(object_id: str, given: str, surname: str, domain: str) -> Json:
    """A user `given@domain`."""
    address = f"{given.lower()}@{domain}"
    return {
        "businessPhones": [],
        "displayName": f"{given} {surname}",
        "givenName": given,
        "jobTitle": None,
        "mail": address,
        "mobilePhone": None,
        "officeLocation": None,
        "preferredLanguage": None,
        "surname": surname,
        "userPrincipalName": address,
        "id": object_id,
    }


def guest_body(object_id: str, user: Json, domain: str) -> Json:
    """The guest account that a user of another tenant has in a tenant with this domain."""
    address = str(user["mail"])
    return {**user, "id": object_id, "userPrincipalName": f"{address.replace('@', '_')}#EXT#@{domain}"}


def group_body(object_id: str, name: str, made: datetime) -> Json:
    """A security group."""
    return {
        "id": object_id,
        "deletedDateTime": None,
        "classification": None,
        "createdDateTime": graph_stamp(made),
        "creationOptions": [],
        "description": None,
        "displayName": name,
        "expirationDateTime": None,
        "groupTypes": [],
        "isAssignableToRole": None,
        "mail": None,
        "mailEnabled": False,
        "mailNickname": object_id[:10],
        "membershipRule": None,
        "membershipRuleProcessingState": None,
        "onPremisesDomainName": None,
        "onPremisesLastSyncDateTime": None,
        "onPremisesNetBiosName": None,
        "onPremisesSamAccountName": None,
        "onPremisesSecurityIdentifier": None,
        "onPremisesSyncEnabled": None,
        "preferredDataLocation": None,
        "preferredLanguage": None,
        "proxyAddresses": [],
        "renewedDateTime": graph_stamp(made),
        "resourceBehaviorOptions": [],
        "resourceProvisioningOptions": [],
        "securityEnabled": True,
        "theme": None,
        "visibility": None,
        "onPremisesProvisioningErrors": [],
    }


def service_principal_body(app_id: str, name: str, owner_tenant: str, made: datetime) -> Json:
    """The service principal of an application. Its object id belongs to the application id."""
    return {
        "id": guid("service-principal", app_id),
        "deletedDateTime": None,
        "accountEnabled": True,
        "alternativeNames": [],
        "appDisplayName": name,
        "appDescription": None,
        "appId": app_id,
        "applicationTemplateId": None,
        "appOwnerOrganizationId": owner_tenant,
        "appRoleAssignmentRequired": False,
        "createdDateTime": graph_stamp(made),
        "description": None,
        "disabledByMicrosoftStatus": None,
        "displayName": name,
        "homepage": None,
        "loginUrl": None,
        "logoutUrl": None,
        "notes": None,
        "notificationEmailAddresses": [],
        "preferredSingleSignOnMode": None,
        "preferredTokenSigningKeyThumbprint": None,
        "replyUrls": [],
        "servicePrincipalNames": [app_id],
        "servicePrincipalType": "Application",
        "signInAudience": "AzureADMyOrg",
        "tags": [],
        "tokenEncryptionKeyId": None,
        "samlSingleSignOnSettings": None,
        "addIns": [],
        "appRoles": [],
        "info": {"logoUrl": None, "marketingUrl": None, "privacyStatementUrl": None, "supportUrl": None},
        "keyCredentials": [],
        "oauth2PermissionScopes": [],
        "passwordCredentials": [],
        "resourceSpecificApplicationPermissions": [],
        "verifiedPublisher": {"displayName": None, "verifiedPublisherId": None, "addedDateTime": None},
    }


def managed_identity_body(resource: Json) -> Json:
    """The service principal of a managed identity; `resource` has its id, name, principalId and clientId."""
    properties = resource["properties"]
    body = service_principal_body(properties["clientId"], resource["name"], "", datetime(2025, 1, 1, tzinfo=UTC))
    return body | {
        "id": properties["principalId"],
        "alternativeNames": ["isExplicit=True", resource["id"]],
        "appDisplayName": None,
        "appOwnerOrganizationId": None,
        "servicePrincipalType": "ManagedIdentity",
        "signInAudience": None,
    }


def application_body(app_id: str, name: str, made: datetime) -> Json:
    """An app registration. Its object id is not its service principal's."""
    return {
        "id": guid("application", app_id),
        "deletedDateTime": None,
        "appId": app_id,
        "applicationTemplateId": None,
        "disabledByMicrosoftStatus": None,
        "createdDateTime": graph_stamp(made),
        "displayName": name,
        "description": None,
        "groupMembershipClaims": None,
        "identifierUris": [],
        "isDeviceOnlyAuthSupported": None,
        "isFallbackPublicClient": None,
        "notes": None,
        "publisherDomain": "contoso.com",
        "serviceManagementReference": None,
        "signInAudience": "AzureADMyOrg",
        "tags": [],
        "tokenEncryptionKeyId": None,
        "defaultRedirectUri": None,
        "certification": None,
        "optionalClaims": None,
        "addIns": [],
        "appRoles": [],
        "keyCredentials": [],
        "passwordCredentials": [],
        "requiredResourceAccess": [],
    }


def password_credential(app_id: str, name: str, *, start: datetime, end: datetime) -> Json:
    """A secret of an application, as Graph shows it: without the secret."""
    return {
        "customKeyIdentifier": None,
        "displayName": name,
        "endDateTime": graph_stamp(end),
        "hint": guid("secret", app_id, name)[:3],
        "keyId": guid("key", app_id, name),
        "secretText": None,
        "startDateTime": graph_stamp(start),
    }
