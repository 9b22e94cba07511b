import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { tagsOf } from "./tags.ts";

/**
 * Creates the certificate of a host, and the record in the zone by which ACM validates it, now and at each
 * renewal. Returns its ARN when it is issued, which takes some minutes.
 *
 * ACM gives all certificates of a name in an account the same record, so the end of one would take away what
 * renews the other: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html. Hence a certificate
 * has one name, which is its name in the stack too, and no input that another input could replace: where a
 * host changes, its certificate stands beside the old one, and two of the same name never do.
 */
export function certificateOf(
  host: string,
  zoneId: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const certificate = new aws.acm.Certificate(
    host,
    { domainName: host, validationMethod: "DNS", tags: tagsOf() },
    opts,
  );
  const proof = certificate.domainValidationOptions.apply(([option]) => {
    if (option === undefined) throw new Error(`ACM gives no record that validates ${host}.`);
    return option;
  });
  const record = new aws.route53.Record(
    `${host}-validation`,
    {
      zoneId,
      name: proof.resourceRecordName,
      type: proof.resourceRecordType,
      records: [proof.resourceRecordValue],
      ttl: 60,
    },
    opts,
  );
  return new aws.acm.CertificateValidation(
    host,
    { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] },
    opts,
  ).certificateArn;
}
