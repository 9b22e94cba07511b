import process from "node:process";

// Puts the clock of a function ahead of the machine's, by the milliseconds in TIME_AHEAD.
const ahead = Number(process.env.TIME_AHEAD);
const MachineDate = Date;

globalThis.Date = class extends MachineDate {
  constructor(...parts) {
    super(...(parts.length > 0 ? parts : [MachineDate.now() + ahead]));
  }

  static now() {
    return MachineDate.now() + ahead;
  }
};
