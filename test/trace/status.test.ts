import { expect } from 'chai';
import fc from 'fast-check';
import { STATUS_VALUES } from '../../src/ndis/status';
import { normaliseStatus } from '../../src/trace';

describe('A status', () => {
  it('is understood with and without prefix, in either case, in hexadecimal and as a number', () => {
    for (const written of ['NDIS_STATUS_PENDING', 'STATUS_PENDING', 'PENDING', 'pending', '0x103', '0x00000103', 259]) {
      expect(normaliseStatus(written, 'FilterPause'), String(written)).to.equal('NDIS_STATUS_PENDING');
      expect(normaliseStatus(written, 'IRP_MJ_READ'), String(written)).to.equal('STATUS_PENDING');
    }
  });

  it('belongs to the header of the DDI', () => {
    expect(normaliseStatus('SUCCESS', 'DriverEntry')).to.equal('STATUS_SUCCESS');
    expect(normaliseStatus('SUCCESS', 'NdisFRegisterFilterDriver')).to.equal('NDIS_STATUS_SUCCESS');
    expect(normaliseStatus('FAILURE', 'IoCompleteRequest')).to.equal('STATUS_UNSUCCESSFUL');
    expect(normaliseStatus('UNSUCCESSFUL', 'FilterAttach')).to.equal('NDIS_STATUS_FAILURE');
    expect(normaliseStatus('STATUS_NDIS_PAUSED', 'NdisFSendNetBufferListsComplete')).to.equal('NDIS_STATUS_PAUSED');
    expect(normaliseStatus('PAUSED', 'IRP_MJ_WRITE')).to.equal('STATUS_NDIS_PAUSED');
  });

  it('may be a signed number', () => {
    expect(normaliseStatus(-1073741823, 'FilterAttach')).to.equal('NDIS_STATUS_FAILURE');
    expect(normaliseStatus(0xc0000001, 'FilterAttach')).to.equal('NDIS_STATUS_FAILURE');
  });

  it('keeps its meaning when only the other header has a name for it', () => {
    expect(normaliseStatus(0xc0000120, 'FilterOidRequest')).to.equal('STATUS_CANCELLED');
    expect(normaliseStatus('NDIS_STATUS_BAD_VERSION', 'DriverEntry')).to.equal('NDIS_STATUS_BAD_VERSION');
  });

  it('that the kit does not know is kept', () => {
    expect(normaliseStatus('NDIS_STATUS_DOT11_MEDIA_IN_USE', 'FilterOidRequest')).to.equal(
      'NDIS_STATUS_DOT11_MEDIA_IN_USE',
    );
    expect(normaliseStatus('DOT11_MEDIA_IN_USE', 'FilterOidRequest')).to.equal('NDIS_STATUS_DOT11_MEDIA_IN_USE');
    expect(normaliseStatus('0xdeadbeef', 'FilterOidRequest')).to.equal('0xDEADBEEF');
    expect(normaliseStatus(7, 'FilterOidRequest')).to.equal('0x00000007');
  });

  it('is not anything one may write', () => {
    for (const nonsense of [
      '',
      ' SUCCESS',
      '0x',
      '0x123456789',
      '12',
      'a b',
      1.5,
      2 ** 32,
      NaN,
      null,
      true,
      {},
      undefined,
    ]) {
      expect(normaliseStatus(nonsense, 'FilterPause'), JSON.stringify(nonsense)).to.equal(undefined);
    }
  });

  it('has the value that the model gives it', () => {
    for (const [name, value] of Object.entries(STATUS_VALUES)) {
      expect(normaliseStatus(name, 'FilterOidRequest')).to.equal(name);
      expect(normaliseStatus(value, 'FilterOidRequest')).to.equal(name);
    }
  });

  it('does not change when it is normalised again', () => {
    const written = fc.oneof(
      fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 }),
      fc.constantFrom(
        0,
        0x103,
        0xc000009a,
        0xc023002a,
        0xc0230004,
        'SUCCESS',
        'failure',
        'CANCELLED',
        'Odd_1',
        'STATUS_X',
      ),
    );
    fc.assert(
      fc.property(written, fc.constantFrom('FilterPause', 'IRP_MJ_READ'), (status, ddi) => {
        const once = normaliseStatus(status, ddi);
        expect(once).to.be.a('string');
        expect(normaliseStatus(once, ddi)).to.equal(once);
      }),
    );
  });
});
